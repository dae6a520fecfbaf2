import type { DataSource } from 'typeorm';
import { onPrimary } from '../database/primary.js';
import { rowsOf } from '../database/statement.js';
import { EVERYBODY, PREVIOUS_OF_FIRST } from './live-epoch.js';

/** How many of the last revocations are looked at. */
const RECENT = 100;

/** Users who signed in and were never revoked: without any, the application keeps no epochs. */
const SIGNED_IN = `SELECT 1 FROM (SELECT subject_hash FROM gtr_subject_epoch WHERE subject_hash <> '${EVERYBODY}' LIMIT 1000) e
  WHERE NOT EXISTS (SELECT 1 FROM gtr_revocation r WHERE r.subject_hash = e.subject_hash)`;

const MISSED = `SELECT COUNT(*) AS recent, SUM(CASE WHEN r.epoch_before <= ${PREVIOUS_OF_FIRST} THEN 1 ELSE 0 END) AS missed,
  CASE WHEN EXISTS (${SIGNED_IN}) THEN 1 ELSE 0 END AS "hasSignIns"
  FROM (SELECT epoch_before FROM gtr_revocation WHERE realm = '' ORDER BY created_at DESC LIMIT ${RECENT}) r`;

/** Recent revocations of users who have an epoch, and of users who have none. */
interface MissedEpochs {
  /** Revocations looked at, at most 100. */
  recent: number;
  /** Those whose user had never signed in under the account id that was revoked. */
  missed: number;
  /** Whether anybody signs in with an epoch. */
  hasSignIns: boolean;
}

/** Counts how many of the last revocations found no epoch of their user, so that they ended nothing that carries one. */
export function missedEpochs(dataSource: DataSource): Promise<MissedEpochs> {
  return onPrimary(dataSource, async (manager) => {
    const [row] = await rowsOf<Record<keyof MissedEpochs, string | number | null>>(manager, MISSED);
    const { recent, missed, hasSignIns } = row!;
    return { recent: Number(recent), missed: Number(missed), hasSignIns: Number(hasSignIns) === 1 };
  });
}
