import type { EntityManager } from 'typeorm';
import { marks, rowsOf } from '../../database/statement.js';
import { INHERITED } from '../live-epoch.js';
import { subjectKey } from '../subject-epochs.js';

/** Returns the epochs of those users who have one, as the transaction sees them. */
export async function currentEpochs(
  manager: EntityManager,
  subjects: ReadonlySet<string>,
): Promise<Map<string, number>> {
  if (subjects.size === 0) return new Map();
  const byKey = new Map([...subjects].map((subject) => [subjectKey(subject), subject]));
  const sql = `SELECT e.subject_hash AS "subjectKey", e.epoch + ${INHERITED} AS epoch FROM gtr_subject_epoch e
    WHERE e.subject_hash IN (${marks([...byKey])})`;
  const rows = await rowsOf<{ subjectKey: string; epoch: string | number }>(manager, sql, [...byKey.keys()]);
  return new Map(rows.map(({ subjectKey: key, epoch }) => [byKey.get(key)!, Number(epoch)]));
}
