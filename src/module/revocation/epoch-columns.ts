import type { EntityManager } from 'typeorm';
import { marks, rowsOf } from '../database/statement.js';
import { EVERYBODY, INHERITED, PREVIOUS_OF_FIRST } from './live-epoch.js';

/** A value of a row to be inserted: SQL with one parameter. */
interface Value {
  sql: string;
  parameter: string | number;
}

/** Epochs of a user before and after a revocation whose transaction has raised them. */
export type EpochValues = Record<'epochBefore' | 'epochAfter', Value>;

/** What is added to the epoch of a user. */
const MORE = `CASE WHEN e.subject_hash = '${EVERYBODY}' THEN 0 ELSE ${INHERITED} END`;

/** No credential has an epoch from before the first, so nothing is added. */
const BEFORE = `e.previous + CASE WHEN e.previous <= ${PREVIOUS_OF_FIRST} THEN 0 ELSE ${MORE} END`;

const AFTER = `e.epoch + ${MORE}`;

/** Returns the epochs of the only revocation of its user. The statement that inserts them also reads them. @param key of the user */
export function epochsOfOnly(key: string): EpochValues {
  const ofRow = (sql: string): Value => ({
    sql: `(SELECT ${sql} FROM gtr_subject_epoch e WHERE e.subject_hash = ?)`,
    parameter: key,
  });
  return { epochBefore: ofRow(BEFORE), epochAfter: ofRow(AFTER) };
}

/**
 * Reads the epochs of revocations in one statement: databases take many times as long to plan an `INSERT` that reads them for
 * each of its rows.
 *
 * @param keys their users
 * @returns in the same order; of those of the same user, each begins where the one before it ends
 */
export async function epochsOf(manager: EntityManager, keys: readonly string[]): Promise<EpochValues[]> {
  const times = timesOf(keys);
  const sql = `SELECT e.subject_hash AS "key", ${BEFORE} AS "before", ${AFTER} AS "after" FROM gtr_subject_epoch e
    WHERE e.subject_hash IN (${marks([...times])})`;
  const rows = await rowsOf<Record<'key' | 'before' | 'after', string | number>>(manager, sql, [...times.keys()]);
  const next = new Map(
    rows.map(({ key, before, after }) => [key, [Number(before), Number(after) - times.get(String(key))!]]),
  );
  return keys.map((key) => {
    const [before, last] = next.get(key)!;
    const after = last! + 1;
    next.set(key, [after, after]);
    return { epochBefore: { sql: '?', parameter: before! }, epochAfter: { sql: '?', parameter: after } };
  });
}

/** Returns how often each user is revoked. @param keys their users */
export function timesOf(keys: readonly string[]): Map<string, number> {
  const times = new Map<string, number>();
  for (const key of keys) times.set(key, (times.get(key) ?? 0) + 1);
  return times;
}
