import { type EntityManager, IsNull, MoreThan } from 'typeorm';
import { Revocation } from '../revocation.entity.js';
import { boundsOf } from './bounds.js';

const BATCH = 500;

/**
 * Takes a table out of all incomplete records, because no process will finish it. Runs in a transaction.
 *
 * @returns number of changed records
 */
export async function closeTarget(manager: EntityManager, table: string): Promise<number> {
  let [closed, after] = [0, ''];
  for (;;) {
    const where = { completedAt: IsNull(), id: MoreThan(after) };
    const records = await manager.find(Revocation, { where, order: { id: 'ASC' }, take: BATCH });
    for (const record of records.filter((each) => (boundsOf(each)[table] ?? null) !== null)) {
      const targetBounds = JSON.stringify({ ...boundsOf(record), [table]: null });
      await manager.update(Revocation, record.id, { targetBounds, targetsLeft: 1 });
      closed += 1;
    }
    if (records.length < BATCH) return closed;
    after = records.at(-1)!.id;
  }
}
