import { Inject, Module } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { Sweeper } from 'nestjs-global-revocation';
import { RecordSweep } from 'nestjs-global-revocation/administration';

/** Counts the provider's records of a person in the command line, which has no provider. */
@Module({})
export class RecordCounts {
  constructor(@Inject(Sweeper) sweeper: Sweeper, @InjectDataSource() dataSource: DataSource) {
    sweeper.add(new RecordSweep(dataSource));
  }
}
