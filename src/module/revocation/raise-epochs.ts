import type { EntityManager } from 'typeorm';
import { dataSourceOf } from '../database/data-source-of.js';
import { sqlDialect } from '../database/sql-dialect.js';
import { run } from '../database/statement.js';
import { PREVIOUS_OF_FIRST } from './live-epoch.js';

const table = 'gtr_subject_epoch';

/**
 * Raises the epochs of users: every credential with an older epoch is dead when `manager`'s transaction commits. The database does
 * it in one statement, so concurrent calls each raise it, and never to a value used before (R7). Users are taken in the order of
 * their keys, so that two calls do not wait for each other.
 *
 * @param times by subject key, how often; the values between the one before and the last are never current
 */
export async function raiseEpochs(manager: EntityManager, times: ReadonlyMap<string, number>): Promise<void> {
  const { now, greatest, onConflict } = sqlDialect(dataSourceOf(manager));
  const keys = [...times.keys()].toSorted();
  const more = (key: string): number => times.get(key)! - 1;
  const several = keys.filter((key) => more(key) > 0);
  const rows = keys.map((key) => `(?, ${now}${more(key) > 0 ? ` + ${more(key)}` : ''}, ${PREVIOUS_OF_FIRST})`);
  const cases = several.map((key) => `WHEN ? THEN ${more(key)}`).join(' ');
  const update = [
    `previous = ${table}.epoch`,
    `epoch = ${greatest(`${table}.epoch + 1`, now)}${cases && ` + CASE ${table}.subject_hash ${cases} ELSE 0 END`}`,
  ];
  const insert = `INSERT INTO ${table} (subject_hash, epoch, previous) VALUES ${rows.join(', ')}`;
  await run(manager, `${insert} ${onConflict('subject_hash', update)}`, [...keys, ...several]);
}
