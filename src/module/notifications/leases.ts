import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { onPrimary } from '../database/primary.js';
import { sqlDialect } from '../database/sql-dialect.js';
import { idsOf, marks, rowsOf, run } from '../database/statement.js';

/** How long work is left to the process that began it, in milliseconds; longer than any attempt takes. */
export const LEASE_MS = 60_000;

/** Rows that are looked at for each claim. */
const CANDIDATES = 100;

/** Work that this process has begun. */
export interface Claim {
  /** Id of the attempts; rows with another belong to somebody else. */
  by: string;
  ids: readonly string[];
  /** Whether more work was due. */
  hasMore: boolean;
}

/** A due row. */
export interface Candidate {
  id: string;
  /** Of a delivery. */
  recipient?: string;
}

/**
 * Shares the rows of a table among processes. A process that dies holds a row until its lease ends. The database's clock
 * counts, so that clocks of nodes may differ. Due rows are read without locks, because a lock on the index would block new
 * ones, and then claimed by their keys.
 */
export class Leases {
  constructor(
    private readonly dataSource: DataSource,
    private readonly table: 'gtr_outbox' | 'gtr_delivery',
  ) {}

  /**
   * Claims due rows, those of realms last.
   *
   * @param choose returns those of the candidates to claim
   * @param without recipients whose rows are left alone
   */
  async claim(choose: (due: Candidate[]) => Candidate[], without: readonly string[] = []): Promise<Claim> {
    for (const priority of [0, 1]) {
      const due = await this.due(priority, without);
      const ids = choose(due).map(({ id }) => id);
      if (ids.length > 0) return this.take(ids.toSorted(), due.length > ids.length);
    }
    return { by: '', ids: [], hasMore: false };
  }

  private due(priority: number, without: readonly string[]): Promise<Candidate[]> {
    const recipient = this.table === 'gtr_delivery' ? ', recipient' : '';
    const others = without.length === 0 ? '' : `AND recipient NOT IN (${marks(without)})`;
    // In a query of its own, the time is read once, and the index is used
    const sql = `SELECT id${recipient} FROM ${this.table}
      WHERE priority = ? AND due_at <= (SELECT ${this.now}) ${others} ORDER BY due_at LIMIT ${CANDIDATES}`;
    return onPrimary(this.dataSource, (manager) => rowsOf<Candidate>(manager, sql, [priority, ...without]));
  }

  private async take(ids: readonly string[], hasMore: boolean): Promise<Claim> {
    const by = randomUUID();
    const { byPrimaryKey } = sqlDialect(this.dataSource);
    const update = `UPDATE ${this.table}${byPrimaryKey}
      SET claimed_by = ?, due_at = ${this.now} + ${LEASE_MS}, attempts = attempts + 1
      WHERE id IN (${marks(ids)}) AND due_at <= ${this.now}`;
    const select = `SELECT id FROM ${this.table} WHERE id IN (${marks(ids)}) AND claimed_by = ?`;
    return onPrimary(this.dataSource, async (manager) => {
      const { affected = 0 } = await run(manager, update, [by, ...ids]);
      if (affected === ids.length) return { by, ids, hasMore };
      return { by, ids: await idsOf(manager, select, [...ids, by]), hasMore: true };
    });
  }

  private get now(): string {
    return sqlDialect(this.dataSource).now;
  }
}
