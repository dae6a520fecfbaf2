import type { DataSource } from 'typeorm';
import { BatchedRead } from '../database/batched-read.js';
import type { DatabaseDeadline } from '../database/deadline.js';
import { onPrimary } from '../database/primary.js';
import { type Answer, rowsOf, run } from '../database/statement.js';
import { expectOutside } from '../database/surrounding-transaction.js';
import { liveByIds, type LiveRow } from './record-statements.js';
import { orUnavailable } from './unavailable.js';

/** Runs single statements in autocommit on the primary, never in an open transaction of the host. */
export class RecordStore {
  private readonly live: BatchedRead<LiveRow>;

  constructor(
    private readonly dataSource: DataSource,
    private readonly deadline: DatabaseDeadline,
    liveStatement = liveByIds,
  ) {
    this.live = new BatchedRead(async (ids) => {
      const rows = await onPrimary(dataSource, (manager) => rowsOf<LiveRow>(manager, liveStatement(ids.length), ids));
      return new Map(rows.map((row) => [row.idHash, row]));
    });
  }

  /** Returns a record by its id, live or not. Look-ups of all models share statements. */
  async byId(idHash: string): Promise<LiveRow | undefined> {
    expectOutside(this.dataSource);
    return orUnavailable(this.deadline.run(() => this.live.find(idHash)));
  }

  async rows<Row>(sql: string, parameters: unknown[]): Promise<Row[]> {
    return (await this.run<Row>(sql, parameters)).records;
  }

  /** @returns number of changed rows */
  async change(sql: string, parameters: unknown[]): Promise<number> {
    return (await this.run(sql, parameters)).affected ?? 0;
  }

  /** @throws errors.OIDCProviderError 503 if the database does not answer */
  private run<Row>(sql: string, parameters: unknown[]): Promise<Answer<Row>> {
    return orUnavailable(
      this.deadline.run(() => onPrimary(this.dataSource, (manager) => run<Row>(manager, sql, parameters))),
    );
  }
}
