import { Inject, Injectable } from '@nestjs/common';
import { Change } from 'nestjs-global-revocation/administration';
import { HostApp } from './host-app.js';
import { readRecords } from './read-records.js';
import { conditionsOf, type RecordFilter } from './record-conditions.js';
import { recordBeginning } from './record-ids.js';

/** Reads the {@link Change} records. */
@Injectable()
export class ChangeRecords {
  constructor(@Inject(HostApp) private readonly host: HostApp) {}

  /** Returns the latest records, newest first. @throws RevocationError `unavailable` */
  latest({ limit, ...filter }: RecordFilter & { limit: number }): Promise<Change[]> {
    const order = { createdAt: 'DESC', id: 'DESC' } as const;
    return readRecords(this.host, (manager) =>
      manager.find(Change, { where: conditionsOf(filter), order, take: limit }),
    );
  }

  /** @param id id of the record, or its first characters. @throws CommandFailure if none or several records match */
  byId(id: string): Promise<Change> {
    return recordBeginning(this.host, Change, id, 'changes list');
  }
}
