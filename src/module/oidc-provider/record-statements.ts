import type { SqlDialect } from '../database/sql-dialect.js';
import { liveEpoch } from '../revocation/live-epoch.js';
import { endedSession, isNotLoggedOut } from '../revocation/upstream-session.js';
import type { OidcRecord } from './oidc-record.entity.js';

const TABLE = 'gtr_oidc_record';

/** SQL: whether a record of a user is live. @param row table or alias */
const isLive = (row: string): string =>
  `(${liveEpoch(`${row}.epoch`, `${row}.subject_hash`)} AND ${isNotLoggedOut(row)})`;

const marks = (number: number): string => Array(number).fill('?').join(', ');

/** Columns of an upsert, in the order of its parameters. */
export const UPSERT_COLUMNS = [
  'id_hash',
  'kind',
  'subject_hash',
  'epoch',
  'upstream_hash',
  'grant_hash',
  'lookup_hash',
  'payload',
  'expires_at',
  'saved_at',
] as const;

/** Columns of {@link CLAIM}, in the order of its parameters. */
export const CLAIM_COLUMNS = [...UPSERT_COLUMNS, 'used_by'] as const;

/** Claims the row of a record that is adopted: it has no payload, so nothing accepts it. Fails if there is a row. */
export const CLAIM = insertOf(CLAIM_COLUMNS);

/** Stores a record. Fails on a duplicate primary key. */
export const INSERT_ONCE = insertOf(UPSERT_COLUMNS);

function insertOf(columns: readonly string[]): string {
  return `INSERT INTO ${TABLE} (${columns.join(', ')}) VALUES (${marks(columns.length)})`;
}

/** Makes a claimed row a record. If no row changes, the record has ended or another adoption claims it. */
export const FILL_CLAIM = `UPDATE ${TABLE} SET payload = ?, consumed_at = ?, used_by = NULL
  WHERE id_hash = ? AND payload = '' AND used_by = ?`;

/** Deletes a claim from before a time. */
export const DROP_CLAIM = `DELETE FROM ${TABLE} WHERE id_hash = ? AND payload = '' AND saved_at < ?`;

/** Row of {@link liveBy}. */
export interface LiveRow {
  idHash: string;
  subjectKey: string | null;
  epoch: string | number | null;
  upstreamKey: string | null;
  payload: string;
  expiresAt: string | number | null;
  consumedAt: string | number | null;
  /** 1 if live; otherwise dead. */
  isLive: string | number;
}

/**
 * Loads a record and decides whether it is live: it belongs to nobody, or its epoch is live and its
 * upstream session has not ended. Nothing else decides this.
 */
const liveBy = (condition: string): string =>
  `SELECT r.id_hash AS "idHash", r.subject_hash AS "subjectKey", r.epoch, r.upstream_hash AS "upstreamKey", r.payload, r.expires_at AS "expiresAt",
    r.consumed_at AS "consumedAt",
    CASE WHEN r.subject_hash IS NULL OR ${isLive('r')} THEN 1 ELSE 0 END AS "isLive"
  FROM ${TABLE} r WHERE ${condition}`;

/** @param ids how many records */
export const liveByIds = (ids: number): string => liveBy(`r.id_hash IN (${marks(ids)})`);

/** Loads the record with this key that was saved last. @param keys how many forms the key has */
export const liveByLookup = (keys: number): string =>
  liveBy(`r.lookup_hash IN (${marks(keys)}) ORDER BY r.saved_at DESC LIMIT 1`);

/** Counts live, unused, unexpired records of a user by kind. Parameters: subject key, time. */
export const COUNT_LIVE = `SELECT r.kind, COUNT(*) AS number
  FROM ${TABLE} r
  WHERE r.subject_hash = ? AND ${isLive('r')} AND r.consumed_at IS NULL AND (r.expires_at IS NULL OR r.expires_at > ?)
  GROUP BY r.kind`;

/** Row of {@link page}. */
export interface PageRow extends Pick<OidcRecord, 'idHash' | 'kind' | 'epoch' | 'expiresAt' | 'consumedAt'> {
  /** 1 if dead and not counted yet. */
  isDead: number;
}

/** Reads some records in the order of their keys. Parameters: key to begin after, epoch of those that were counted. */
export const page = (
  limit: number,
): string => `SELECT r.id_hash AS "idHash", r.kind, r.epoch, r.expires_at AS "expiresAt",
    r.consumed_at AS "consumedAt", CASE WHEN r.subject_hash IS NULL OR r.epoch = ? OR ${isLive('r')} THEN 0 ELSE 1 END AS "isDead"
  FROM ${TABLE} r WHERE r.id_hash > ? ORDER BY r.id_hash LIMIT ${limit}`;

/** Row of {@link ANY_BY_ID}. */
export type AnyRow = Pick<LiveRow, 'idHash' | 'payload'> & { usedBy: string | null };

/** Loads a record, live or not, and the id of its use. */
export const ANY_BY_ID = `SELECT id_hash AS "idHash", payload, used_by AS "usedBy" FROM ${TABLE}
  WHERE id_hash = ? AND payload <> ''`;

/** R9: marks a record as used. If no row changes, it was already used or is gone. */
export const CONSUME = `UPDATE ${TABLE} SET consumed_at = ?, used_by = ?
  WHERE id_hash = ? AND payload <> '' AND consumed_at IS NULL`;

/** R5: saves a record again if it is live, with the epoch it has. If no row changes, it has ended. */
export const UPDATE_LIVE = `UPDATE ${TABLE} SET grant_hash = ?, payload = ?, expires_at = ?, saved_at = ?
  WHERE id_hash = ? AND ${isLive(TABLE)}`;

export const DESTROY = `DELETE FROM ${TABLE} WHERE id_hash = ?`;

/** Deletes records that never expire and whose upstream session has ended. @param sessions how many are looked at */
export const endLasting = (sessions: number): string => `DELETE FROM ${TABLE}
  WHERE expires_at IS NULL AND upstream_hash IN (${marks(sessions)})
    AND EXISTS (${endedSession(`${TABLE}.upstream_hash`, `${TABLE}.subject_hash`)})`;

export const REVOKE_GRANT = `DELETE FROM ${TABLE} WHERE grant_hash = ?`;

/** R5: an epoch never rises for the same user. The epoch comes first, because MySQL's assignments see earlier ones. */
export function upsertStatement({ incoming, least, same, onConflict }: SqlDialect): string {
  const epoch = `epoch = CASE WHEN ${same(`${TABLE}.subject_hash`, incoming('subject_hash'))}
    THEN ${least(`${TABLE}.epoch`, incoming('epoch'))} ELSE ${incoming('epoch')} END`;
  const rest = UPSERT_COLUMNS.filter((column) => column !== 'id_hash' && column !== 'epoch');
  return `${INSERT_ONCE}
    ${onConflict('id_hash', [epoch, ...rest.map((column) => `${column} = ${incoming(column)}`)])}`;
}
