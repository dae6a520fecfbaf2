import { type DataSource, IsNull, LessThan, Not } from 'typeorm';
import { deleteSome } from '../../database/delete-some.js';
import { Revocation } from '../revocation.entity.js';

const DAY_MS = 86_400_000;

/**
 * Deletes records after the configured retention, once they are complete and in the outbox. Never deletes an epoch.
 *
 * @param days retention; 0 deletes none
 * @param limit most records to delete
 * @returns their number
 */
export async function pruneRecords(dataSource: DataSource, days: number, limit: number): Promise<number> {
  if (days === 0) return 0;
  const createdAt = LessThan(Date.now() - days * DAY_MS);
  const where = { createdAt, completedAt: Not(IsNull()), toNotify: IsNull() };
  return deleteSome(dataSource, Revocation, 'id', where, limit);
}
