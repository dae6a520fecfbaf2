import type { SqlDialect } from '../database/sql-dialect.js';
import { EVERYBODY, liveEpoch, REALM_EPOCHS } from '../revocation/live-epoch.js';

/** `subject_hash` of the indexes of clients. No user has it: theirs are hashes. */
export const OF_CLIENTS = 'client';

/** 1 if the tokens of an index have ended. The bit of the list is this, and is stored nowhere. */
const HAS_ENDED = `CASE WHEN ${liveEpoch('i.epoch', 'i.subject_hash')} THEN 0 ELSE 1 END`;

/** Row of {@link openList}. */
export interface OpenList {
  list: string;
  /** Index in it that these tokens already have. */
  idx: number | null;
  hasEnded: string | number;
}

/** Finds the list for new tokens, and the index of these tokens in it. Parameters: hashes of subject and audience, epoch. */
export const openList = ({ now }: SqlDialect): string => `SELECT l.id AS "list", i.idx, ${HAS_ENDED} AS "hasEnded"
  FROM gtr_status_list l LEFT JOIN gtr_status_index i
    ON i.subject_hash = ? AND i.audience_hash = ? AND i.epoch = ? AND i.list_id = l.id
  WHERE l.closes_at > ${now} ORDER BY l.ordinal DESC LIMIT 1`;

/** Begins a list unless there is an open one. Fails if another node does so at this moment. Parameters: id, milliseconds until it closes and expires. */
export const beginList = ({
  now,
}: SqlDialect): string => `INSERT INTO gtr_status_list (id, ordinal, closes_at, expires_at)
  SELECT ?, COALESCE(MAX(l.ordinal), 0) + 1, ${now} + ?, ${now} + ?
  FROM gtr_status_list l HAVING COALESCE(MAX(l.closes_at), 0) <= ${now}`;

export const closeList = ({ now, least }: SqlDialect): string =>
  `UPDATE gtr_status_list SET closes_at = ${least('closes_at', now)} WHERE id = ?`;

/** Adds an index. Fails if it is taken, or if these tokens have one in this list. */
export const ADD_INDEX = `INSERT INTO gtr_status_index (list_id, idx, subject_hash, audience_hash, epoch, client_id)
  VALUES (?, ?, ?, ?, ?, ?)`;

/** Row of {@link currentLists}. */
export interface CurrentList {
  list: string;
  /** Rises when everybody or a realm is revoked. */
  realmEpochs: string | number;
}

/** Reads the lists that tokens may refer to. */
export const currentLists = ({ now }: SqlDialect): string => `SELECT l.id AS "list",
    ${REALM_EPOCHS} AS "realmEpochs"
  FROM gtr_status_list l WHERE l.expires_at > ${now} ORDER BY l.ordinal`;

export interface IndexRow {
  list: string;
  idx: number;
}

/** Reads the indexes of people that have ended, in a part of a list. Parameters: list, first index, index after the last. */
export const ENDED = `SELECT i.list_id AS "list", i.idx FROM gtr_status_index i
  WHERE i.list_id = ? AND i.idx >= ? AND i.idx < ? AND i.client_id IS NULL AND ${HAS_ENDED} = 1`;

/**
 * Reads the indexes that revocations since a time have ended. Parameter: UTC epoch milliseconds. SQLite keeps the order of a `CROSS
 * JOIN`; otherwise it reads every index of every list.
 */
export const ENDED_SINCE = `SELECT DISTINCT i.list_id AS "list", i.idx
  FROM gtr_revocation r CROSS JOIN gtr_status_index i
  WHERE i.subject_hash = r.subject_hash AND r.created_at >= ? AND ${HAS_ENDED} = 1`;

/** Row of {@link REALMS}. */
export interface RealmRow {
  realm: string;
  epoch: string | number;
}

/** Reads the epochs of everybody and of all realms that were revoked or left. */
export const REALMS = `SELECT o.subject_hash AS realm, o.epoch FROM gtr_subject_epoch o WHERE o.subject_hash = '${EVERYBODY}'
  UNION ALL SELECT g.realm_hash, g.epoch FROM gtr_realm_epoch g`;

/** Finds the last of the next users of a realm; null if there is none. Parameters: key of the realm, user before. */
export const lastOfUsers = (users: number): string => `SELECT MAX(u.subject_hash) AS "last" FROM (
  SELECT e.subject_hash FROM gtr_subject_epoch e
  WHERE e.realm_hash = ? AND e.subject_hash > ? ORDER BY e.subject_hash LIMIT ${users}) u`;

/** Reads the indexes of users of a realm that have ended. Parameters: key of the realm, user before the first, last user. */
export const ENDED_OF_USERS = `SELECT i.list_id AS "list", i.idx
  FROM gtr_subject_epoch u CROSS JOIN gtr_status_index i
  WHERE u.realm_hash = ? AND u.subject_hash > ? AND u.subject_hash <= ?
    AND i.subject_hash = u.subject_hash AND ${HAS_ENDED} = 1`;

/** Row of {@link CLIENTS}. */
export interface ClientIndexRow extends IndexRow {
  clientId: string;
}

/** Reads the indexes of clients. */
export const CLIENTS = `SELECT i.list_id AS "list", i.idx, i.client_id AS "clientId" FROM gtr_status_index i
  WHERE i.subject_hash = '${OF_CLIENTS}'`;
