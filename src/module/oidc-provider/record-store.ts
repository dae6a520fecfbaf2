import type { DataSource } from 'typeorm';
import type { DatabaseDeadline } from '../database/deadline.js';
import { onPrimary } from '../database/primary.js';
import { type Answer, run } from '../database/statement.js';
import { orUnavailable } from './unavailable.js';

/** Runs single statements in autocommit on the primary, never in an open transaction of the host. */
export class RecordStore {
  constructor(
    private readonly dataSource: DataSource,
    private readonly deadline: DatabaseDeadline,
  ) {}

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
