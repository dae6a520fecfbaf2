import { sha256Hex } from '../database/digest.js';

/** `subject` of a revocation of everybody; no account id is empty. */
export const ALL_SUBJECTS = '';

/** Key of the row that is raised when everybody is revoked: that of the realm. */
export const EVERYBODY = sha256Hex(ALL_SUBJECTS);

/** `previous` of a row that a revocation creates: it tells "revoked" from "never revoked" (0), and no credential has it. */
export const PREVIOUS_OF_FIRST = 1;

/** The epoch of credentials from before the module was introduced: live while their user was never revoked. */
export const FROM_BEFORE = 0;

/** The row of a user, or of everybody. */
export interface EpochState {
  /** Of a user, that of the realm is added. */
  epoch: number;
  previous: number;
}

/**
 * SQL: the epoch of the realm; 0 until everybody is revoked for the first time. The epoch that credentials carry is the sum of it
 * and their user's. Both only rise, so a sum is never used twice: it is the same only while both are. Read both in one
 * statement, so that they belong together.
 */
export const REALM_EPOCH = `COALESCE((SELECT o.epoch FROM gtr_subject_epoch o WHERE o.subject_hash = '${EVERYBODY}'), 0)`;

/**
 * Whether a credential carries no epoch, because it was created before the module was introduced.
 *
 * @param epoch as a driver returns it
 */
export const isWithoutEpoch = (epoch: number | string | null | undefined): boolean =>
  epoch === null || epoch === undefined || String(epoch) === String(FROM_BEFORE);

/**
 * Whether a credential with this epoch is live. With {@link liveEpoch}, the same in SQL, the only place that decides this.
 *
 * @param own row of its user; undefined if there is none
 * @param everybody row of {@link EVERYBODY}; undefined if there is none
 */
export const isLiveEpoch = (epoch: number, own: EpochState | undefined, everybody: EpochState | undefined): boolean =>
  epoch === FROM_BEFORE ? !own?.previous && !everybody?.previous : epoch === own?.epoch;

const revoked = (key: string): string =>
  `SELECT 1 FROM gtr_subject_epoch e WHERE e.subject_hash = ${key} AND e.previous > 0`;

/** SQL: whether an epoch is that of the user with this key. */
export const currentEpoch = (epoch: string, key: string): string =>
  `${epoch} = (SELECT e.epoch FROM gtr_subject_epoch e WHERE e.subject_hash = ${key}) + ${REALM_EPOCH}`;

/**
 * SQL: {@link isLiveEpoch}. Two statements about one row each, because a list of keys would read the table.
 *
 * @param key of the user; used twice
 * @param without condition of an epoch that counts as {@link FROM_BEFORE}
 */
export const liveEpoch = (epoch: string, key: string, without = `${epoch} = ${FROM_BEFORE}`): string =>
  `(${currentEpoch(epoch, key)}
    OR ${without} AND NOT EXISTS (${revoked(key)}) AND NOT EXISTS (${revoked(`'${EVERYBODY}'`)}))`;
