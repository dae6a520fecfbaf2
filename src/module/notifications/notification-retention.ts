import { type DataSource } from 'typeorm';
import { onPrimary } from '../database/primary.js';
import { sqlDialect } from '../database/sql-dialect.js';
import { idsOf, marks, run } from '../database/statement.js';

const KEPT_MS = 30 * 86_400_000;

/**
 * Deletes finished deliveries, dead ones too, after 30 days, and revocations without any after them.
 *
 * @param limit most rows of each table
 * @returns whether more may be left
 */
export async function pruneNotifications(dataSource: DataSource, limit: number): Promise<boolean> {
  const { now } = sqlDialect(dataSource);
  // By keys that are read before, so that new rows are not locked
  const prune = (table: string, more = ''): Promise<number> => {
    const old = `SELECT t.id FROM ${table} t WHERE t.finished_at < (SELECT ${now}) - ${KEPT_MS} ${more} LIMIT ${limit}`;
    return onPrimary(dataSource, async (manager) => {
      const ids = await idsOf(manager, old);
      if (ids.length > 0) await run(manager, `DELETE FROM ${table} WHERE id IN (${marks(ids)})`, ids);
      return ids.length;
    });
  };
  const deliveries = await prune('gtr_delivery');
  const entries = await prune('gtr_outbox', 'AND NOT EXISTS (SELECT 1 FROM gtr_delivery d WHERE d.outbox_id = t.id)');
  return deliveries === limit || entries === limit;
}
