import type { EntityManager } from 'typeorm';
import { dataSourceOf } from '../database/data-source-of.js';
import { sha256Hex } from '../database/digest.js';
import { recordedText } from '../database/recorded-text.js';
import { sqlDialect } from '../database/sql-dialect.js';
import { run } from '../database/statement.js';
import { EVERYBODY_REALM, type RevocationEvent } from '../options/revocation-listener.js';
import { epochsOf, type EpochValues } from './epoch-columns.js';
import { PREVIOUS_OF_FIRST, realmEpoch } from './live-epoch.js';

const REALM_MAX = 255;

/** Returns the name of a realm as it is recorded and compared. @throws TypeError for an invalid one */
export function canonicalRealm(realm: string): string {
  // A name that is too long must not be cut: it would be that of another realm.
  const name = typeof realm === 'string' ? recordedText(realm, Infinity) : '';
  // MySQL pads texts with spaces when it compares them, so that spaces alone would be no realm.
  if (name.trim() === '' || name.length > REALM_MAX)
    throw new TypeError(`the name of a realm must be text of 1 to ${REALM_MAX} characters, not only spaces`);
  if (name === EVERYBODY_REALM)
    throw new TypeError(
      `'${EVERYBODY_REALM}' is the realm of all users: use --everybody or revokeEverybody(), or choose another name`,
    );
  return name;
}

/** Returns the key of a realm. @throws TypeError for an invalid name */
export const realmKey = (realm: string): string => sha256Hex(canonicalRealm(realm));

type Revoked = Pick<RevocationEvent, 'subject' | 'realm'>;

/** Returns whether an event is about a realm that the host named. */
export const isOfNamedRealm = ({ realm }: Revoked): boolean => realm !== '' && realm !== EVERYBODY_REALM;

/** Returns the key of the row whose epoch a revocation raises. */
export const keyOfEvent = (event: Revoked): string => sha256Hex(isOfNamedRealm(event) ? event.realm : event.subject);

/**
 * Raises the epoch of a realm: everything of its users is dead when `manager`'s transaction commits.
 *
 * @param key of the realm
 * @returns the epochs for the record
 */
export async function raiseRealm(manager: EntityManager, key: string): Promise<EpochValues> {
  const { now, greatest, onConflict } = sqlDialect(dataSourceOf(manager));
  const table = 'gtr_realm_epoch';
  const update = [`previous = ${table}.epoch`, `epoch = ${greatest(`${table}.epoch + 1`, now)}`];
  const insert = `INSERT INTO ${table} (realm_hash, epoch, previous) VALUES (?, ${now}, ${PREVIOUS_OF_FIRST})`;
  await run(manager, `${insert} ${onConflict('realm_hash', update)}`, [key]);
  const ofRow = (column: string) => ({
    sql: `(SELECT g.${column} FROM ${table} g WHERE g.realm_hash = ?)`,
    parameter: key,
  });
  return { epochBefore: ofRow('previous'), epochAfter: ofRow('epoch') };
}

/**
 * Moves a user whose epoch has just been raised to another realm. If the epoch of the new realm is lower, the user's own epoch also
 * rises by the difference, so that no sum is used twice.
 *
 * @returns the epochs for the record
 */
export async function moveTo(manager: EntityManager, key: string, realm: string): Promise<EpochValues> {
  const { greatest } = sqlDialect(dataSourceOf(manager));
  const [before] = await epochsOf(manager, [key]);
  const lost = `${realmEpoch('gtr_subject_epoch.realm_hash')} - ${realmEpoch('?')}`;
  const update = `UPDATE gtr_subject_epoch SET epoch = epoch + ${greatest('0', lost)}, realm_hash = ? WHERE subject_hash = ?`;
  await run(manager, update, [realmKey(realm), realmKey(realm), key]);
  const [after] = await epochsOf(manager, [key]);
  return { epochBefore: before!.epochBefore, epochAfter: after!.epochAfter };
}
