import type { EntityManager } from 'typeorm';
import { dataSourceOf } from '../database/data-source-of.js';
import { sha256Hex } from '../database/digest.js';
import { recordedText } from '../database/recorded-text.js';
import { forShare, sqlDialect } from '../database/sql-dialect.js';
import { run } from '../database/statement.js';
import { EVERYBODY_REALM, type RevocationEvent } from '../options/revocation-listener.js';
import { epochsOf, epochsOfOnly, type EpochValues } from './epoch-columns.js';
import { PREVIOUS_OF_FIRST } from './live-epoch.js';
import { RealmEpoch } from './realm-epoch.entity.js';
import { SubjectEpoch } from './subject-epoch.entity.js';

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
  const update = [
    `previous = ${greatest(`${table}.epoch`, String(PREVIOUS_OF_FIRST))}`,
    `epoch = ${greatest(`${table}.epoch + 1`, now)}`,
  ];
  const insert = `INSERT INTO ${table} (realm_hash, epoch, previous) VALUES (?, ${now}, ${PREVIOUS_OF_FIRST})`;
  await run(manager, `${insert} ${onConflict('realm_hash', update)}`, [key]);
  const ofRow = (column: string) => ({
    sql: `(SELECT g.${column} FROM ${table} g WHERE g.realm_hash = ?)`,
    parameter: key,
  });
  return { epochBefore: ofRow('previous'), epochAfter: ofRow('epoch') };
}

/**
 * Moves a user, whose epoch has just been raised, to another realm. If that one's epoch is lower, the user's own rises by the
 * difference, so that no sum is used twice. If it is higher, the user's own need not keep what earlier moves added.
 *
 * @returns the epochs for the record
 */
export async function moveTo(manager: EntityManager, key: string, realm: string): Promise<EpochValues> {
  const { now, greatest, asInteger } = sqlDialect(dataSourceOf(manager));
  const [user, to] = [await manager.findOneByOrFail(SubjectEpoch, { subjectHash: key }), realmKey(realm)];
  const left = user.realmHash === null ? 0 : await holdRealm(manager, user.realmHash);
  const joined = (await manager.findOneBy(RealmEpoch, { realmHash: to }))?.epoch ?? 0;
  const [before] = await epochsOf(manager, [key]);
  const update = `UPDATE gtr_subject_epoch SET epoch = ${greatest(now, asInteger('?', false))}, realm_hash = ? WHERE subject_hash = ?`;
  await run(manager, update, [user.epoch + left - joined, to, key]);
  return { epochBefore: before!.epochBefore, epochAfter: epochsOfOnly(key).epochAfter };
}

/**
 * Keeps a realm from being revoked until the transaction ends: a user who is leaving would have a sum in between that is higher
 * than the one in the next realm, and could get it again. Moves do not wait for each other.
 *
 * @returns its epoch
 */
async function holdRealm(manager: EntityManager, key: string): Promise<number> {
  const { onConflict } = sqlDialect(dataSourceOf(manager));
  const insert = `INSERT INTO gtr_realm_epoch (realm_hash, epoch, previous) VALUES (?, 0, 0)`;
  const unlessThere = onConflict('realm_hash', ['epoch = gtr_realm_epoch.epoch']);
  // Only a row can be locked. This one says, as none would, that the realm was never revoked.
  if (!(await manager.existsBy(RealmEpoch, { realmHash: key }))) await run(manager, `${insert} ${unlessThere}`, [key]);
  const where = { realmHash: key };
  return (await manager.findOneOrFail(RealmEpoch, { where, ...forShare(manager) })).epoch;
}
