import { sha256Hex } from '../database/digest.js';

/** `subject` of a revocation of everybody or of a realm; no account id is empty. */
export const ALL_SUBJECTS = '';

/** Key of the row that is raised when everybody is revoked. */
export const EVERYBODY = sha256Hex(ALL_SUBJECTS);

/** `previous` of a row that a revocation creates: it distinguishes "revoked" from "never revoked" (0), and no credential has it. */
export const PREVIOUS_OF_FIRST = 1;

/** The epoch of credentials from before the module was introduced: live while their user was never revoked. */
export const FROM_BEFORE = 0;

/** State of a user, or of everybody. */
export interface EpochState {
  /** Epoch that credentials carry: the sum of the epochs of the user, the user's realm and everybody. */
  epoch: number;
  /** Whether the user or the user's realm was ever revoked. */
  wasRevoked: boolean;
  /** Key of the user's realm; null if none is known. */
  realmKey: string | null;
}

const OF_EVERYBODY = `COALESCE((SELECT o.epoch FROM gtr_subject_epoch o WHERE o.subject_hash = '${EVERYBODY}'), 0)`;

/** SQL: the epoch of a realm; 0 until it is revoked for the first time. @param key of the realm, may be null */
export const realmEpoch = (key: string): string =>
  `COALESCE((SELECT g.epoch FROM gtr_realm_epoch g WHERE g.realm_hash = ${key}), 0)`;

/**
 * SQL: what a user inherits from everybody and from the realm. The epoch that credentials carry is the sum of it and of the user's own.
 * Each revocation raises one of them, and a move to another realm their sum, so that a sum is never used twice. Read them in one
 * statement, so that they belong together. `e` is the row of the user.
 */
export const INHERITED = `${OF_EVERYBODY} + ${realmEpoch('e.realm_hash')}`;

/** SQL: whether the user, or the realm, was ever revoked. `e` is the row of the user. */
export const WAS_REVOKED = `(e.previous > 0 OR ${realmEpoch('e.realm_hash')} > 0)`;

/** SQL: a number that rises when everybody or any realm is revoked. */
export const REALM_EPOCHS = `${OF_EVERYBODY} + COALESCE((SELECT SUM(g.epoch) FROM gtr_realm_epoch g), 0)`;

/**
 * Returns whether a credential carries no epoch, because it was created before the module was introduced.
 *
 * @param epoch as a driver returns it
 */
export const isWithoutEpoch = (epoch: number | string | null | undefined): boolean =>
  epoch === null || epoch === undefined || String(epoch) === String(FROM_BEFORE);

/**
 * Returns whether a credential with this epoch is live. Only this function and {@link liveEpoch}, the same in SQL, decide this.
 *
 * @param own state of its user; undefined if there is no row
 * @param everybody state of {@link EVERYBODY}; undefined if there is no row
 */
export const isLiveEpoch = (epoch: number, own: EpochState | undefined, everybody: EpochState | undefined): boolean =>
  epoch === FROM_BEFORE ? !own?.wasRevoked && !everybody?.wasRevoked : epoch === own?.epoch;

/** SQL: the epoch of the user with this key; null without a row. `own`: the user's part of it */
const epochOf = (key: string, own = 'e.epoch'): string =>
  `(SELECT ${own} + ${INHERITED} FROM gtr_subject_epoch e WHERE e.subject_hash = ${key})`;

/** SQL: whether an epoch is the current one of the user with this key. */
export const currentEpoch = (epoch: string, key: string): string => `${epoch} = ${epochOf(key)}`;

/**
 * SQL: {@link isLiveEpoch}. For {@link FROM_BEFORE}, the user's own epoch counts only from the first revocation: the sum is 0 until the
 * user, the realm or everybody is revoked. The subqueries read one row each, because with a list of keys the database would read the whole
 * table. They are as few as possible, because PostgreSQL plans each of them for each statement.
 *
 * @param epoch {@link FROM_BEFORE} if there is none
 */
export function liveEpoch(epoch: string, key: string): string {
  const isFromBefore = `${epoch} = ${FROM_BEFORE}`;
  const own = `CASE WHEN ${isFromBefore} AND e.previous = 0 THEN 0 ELSE e.epoch END`;
  return `${epoch} = COALESCE(${epochOf(key, own)}, CASE WHEN ${isFromBefore} THEN ${OF_EVERYBODY} END)`;
}
