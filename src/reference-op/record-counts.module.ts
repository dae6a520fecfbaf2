import { Inject, Module } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { Sweeper } from 'nestjs-global-revocation';
import { RecordSweep } from 'nestjs-global-revocation/administration';

/** Counts what the provider keeps of a person, where there is no provider: in the command line. */
@Module({})
export class RecordCounts {
  constructor(@Inject(Sweeper) sweeper: Sweeper, @InjectDataSource() dataSource: DataSource) {
    sweeper.add(new RecordSweep(dataSource));
  }
}
