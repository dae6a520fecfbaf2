import { type DataSource } from 'typeorm';
import { onPrimary } from '../database/primary.js';
import { sqlDialect } from '../database/sql-dialect.js';
import { idsOf, marks, run } from '../database/statement.js';

const KEPT_MS = 30 * 86_400_000;

/** Deletes finished deliveries, dead ones too, after 30 days, and revocations without any after them. */
export class NotificationRetention {
  constructor(private readonly dataSource: DataSource) {}

  /** Deletes at most `limit` rows of each table. @returns whether more may be left */
  async prune(limit: number): Promise<boolean> {
    const deliveries = await this.delete('gtr_delivery', '', limit);
    const without = 'AND NOT EXISTS (SELECT 1 FROM gtr_delivery d WHERE d.outbox_id = t.id)';
    const entries = await this.delete('gtr_outbox', without, limit);
    return deliveries === limit || entries === limit;
  }

  /** By keys that are read before, so that new rows are not locked. */
  private delete(table: string, more: string, limit: number): Promise<number> {
    const { now } = sqlDialect(this.dataSource);
    const old = `SELECT t.id FROM ${table} t WHERE t.finished_at < (SELECT ${now}) - ${KEPT_MS} ${more} LIMIT ${limit}`;
    return onPrimary(this.dataSource, async (manager) => {
      const ids = await idsOf(manager, old);
      if (ids.length > 0) await run(manager, `DELETE FROM ${table} WHERE id IN (${marks(ids)})`, ids);
      return ids.length;
    });
  }
}
