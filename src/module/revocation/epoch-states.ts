import type { EntityManager } from 'typeorm';
import { marks, rowsOf } from '../database/statement.js';
import { type EpochState, INHERITED, WAS_REVOKED } from './live-epoch.js';

/** {@link EpochState} as drivers return it. */
interface EpochRow extends Pick<EpochState, 'realmKey'> {
  subjectKey: string;
  epoch: string | number;
  wasRevoked: string | number;
}

/** Reads the rows of users, or that of everybody. @returns those that exist, by key */
export async function epochStates(manager: EntityManager, keys: readonly string[]): Promise<Map<string, EpochState>> {
  const sql = `SELECT e.subject_hash AS "subjectKey", e.epoch + ${INHERITED} AS epoch, e.realm_hash AS "realmKey",
      CASE WHEN ${WAS_REVOKED} THEN 1 ELSE 0 END AS "wasRevoked"
    FROM gtr_subject_epoch e WHERE e.subject_hash IN (${marks(keys)})`;
  const rows = await rowsOf<EpochRow>(manager, sql, keys);
  return new Map(
    rows.map(({ subjectKey: key, epoch, wasRevoked, realmKey }) => [
      key,
      { epoch: Number(epoch), wasRevoked: Number(wasRevoked) === 1, realmKey },
    ]),
  );
}
