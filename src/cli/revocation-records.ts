import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { type EntityManager, MoreThanOrEqual } from 'typeorm';
import { Revocation } from 'nestjs-global-revocation';
import { subjectKey } from 'nestjs-global-revocation/administration';
import { HostApp } from './host-app.js';
import { readRecords } from './read-records.js';
import { conditionsOf, type RecordFilter } from './record-conditions.js';
import { recordBeginning } from './record-ids.js';

/** Interval between two reads of new records, in milliseconds. */
const POLL_MS = 500;
/** How late an older record can appear, in milliseconds: commits take time and the clocks of nodes differ. */
const OVERLAP_MS = 10_000;

/** Selects revocations. */
export interface RevocationFilter extends RecordFilter {
  limit: number;
  /** Account id. */
  subject?: string | undefined;
}

/** Reads the {@link Revocation} records. */
@Injectable()
export class RevocationRecords {
  constructor(@Inject(HostApp) private readonly host: HostApp) {}

  /** Returns the latest records, newest first. @throws RevocationError `unavailable` */
  latest({ limit, subject, ...filter }: RevocationFilter): Promise<Revocation[]> {
    const order = { createdAt: 'DESC', id: 'DESC' } as const;
    return this.read((manager) => {
      const where = {
        ...conditionsOf(filter),
        ...(subject !== undefined && { subjectHash: subjectKey(subject) }),
      };
      return manager.find(Revocation, { where, order, take: limit });
    });
  }

  /** @param id id of the record, or its first characters. @throws CommandFailure if none or several records match */
  byId(id: string): Promise<Revocation> {
    return recordBeginning(this.host, Revocation, id, 'revocations list');
  }

  /**
   * Yields each record that is committed from now on once, until the signal. If the database does not answer, it retries.
   *
   * @param told callbacks: `ready` once it starts, `trouble` each time the database does not answer
   */
  async *follow(signal: AbortSignal, told: { ready: () => void; trouble: () => void }): AsyncGenerator<Revocation> {
    const seen = new Map<string, number>();
    const [youngest] = await this.latest({ limit: 1 });
    let from = (youngest?.createdAt ?? OVERLAP_MS) - OVERLAP_MS;
    for (const { id, createdAt } of await this.since(from)) seen.set(id, createdAt);
    told.ready();
    while (!signal.aborted) {
      await sleep(POLL_MS, undefined, { signal }).catch(() => {});
      const records = await this.since(from).catch(() => told.trouble());
      for (const record of records ?? []) {
        if (!seen.has(record.id)) yield record;
        seen.set(record.id, record.createdAt);
        from = Math.max(from, record.createdAt - OVERLAP_MS);
      }
      for (const [id, createdAt] of seen) if (createdAt < from) seen.delete(id);
    }
  }

  private since(from: number): Promise<Revocation[]> {
    const where = { createdAt: MoreThanOrEqual(from) };
    return this.read((manager) => manager.find(Revocation, { where, order: { createdAt: 'ASC', id: 'ASC' } }));
  }

  private read<T>(query: (manager: EntityManager) => Promise<T>): Promise<T> {
    return readRecords(this.host, query);
  }
}
