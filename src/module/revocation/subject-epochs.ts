import { Inject, Injectable } from '@nestjs/common';
import { type DataSource, type EntityManager, Not } from 'typeorm';
import { BatchedRead } from '../database/batched-read.js';
import { DatabaseDeadline } from '../database/deadline.js';
import { sha256Hex } from '../database/digest.js';
import { onPrimary } from '../database/primary.js';
import { REVOCATION_DATA_SOURCE } from '../database/revocation-data-source.js';
import { rowsOf, run } from '../database/statement.js';
import { expectOutside } from '../database/surrounding-transaction.js';
import { gateSqlite } from '../database/sqlite-gate.js';
import { type SqlDialect, sqlDialect } from '../database/sql-dialect.js';
import { epochStates } from './epoch-states.js';
import {
  ALL_SUBJECTS,
  type EpochState,
  EVERYBODY,
  FROM_BEFORE,
  isLiveEpoch,
  isWithoutEpoch,
  realmEpoch,
} from './live-epoch.js';
import { raiseEpochs } from './raise-epochs.js';
import { SubjectEpoch } from './subject-epoch.entity.js';

/** Returns the error for an invalid account id; undefined if the id is valid. */
export const accountIdError = (subject: unknown): TypeError | undefined =>
  typeof subject === 'string' && subject !== ''
    ? undefined
    : new TypeError('account id must be a non-empty string: `String(user.id)`');

/**
 * Key of a user's epoch row.
 *
 * @param subject canonical account id (`sub`)
 * @throws TypeError if it is not a non-empty string
 * @publicApi
 */
export function subjectKey(subject: string): string {
  const error = accountIdError(subject);
  if (error) throw error;
  return sha256Hex(subject);
}

/** What applies to credentials from before the module was introduced. @publicApi */
export interface WithoutEpoch {
  /**
   * Whether a credential without an epoch (null, undefined or 0) is dead, or live until its user is revoked for the first
   * time. Credentials made from it carry none either.
   *
   * @default 'dead'
   */
  withoutEpoch?: 'dead' | 'until-revoked';
}

/**
 * Manages the epoch of each user. A credential carries the epoch from before the user's first factor was checked, and passes
 * it on to credentials created from it. A credential is live while its epoch equals the user's, which rises when the user, the
 * user's realm or everybody is revoked.
 *
 * @publicApi
 */
@Injectable()
export class SubjectEpochs {
  /** Called after a user's row was created by a sign-in. @internal */
  onFirstSignIn: (subject: string) => void = () => {};

  private readonly sql: SqlDialect;
  private readonly epochs: BatchedRead<EpochState>;

  constructor(
    @Inject(REVOCATION_DATA_SOURCE) private readonly dataSource: DataSource,
    @Inject(DatabaseDeadline) private readonly deadline: DatabaseDeadline,
  ) {
    gateSqlite(dataSource);
    this.sql = sqlDialect(dataSource);
    this.epochs = new BatchedRead((keys) => onPrimary(dataSource, (manager) => epochStates(manager, keys)));
  }

  /**
   * Returns the epoch for a new sign-in and creates the user's row if there is none. Call it **before** the first factor is
   * checked, store the epoch with the first credential of the sign-in, and copy it to each credential made from that one.
   * Never call it in a refresh or an exchange: a credential made while its user is being revoked would stay live.
   *
   * @param subject canonical account id (`sub`), the same that is revoked
   * @throws RevocationError `unavailable` if the database does not answer: nobody can sign in
   * @throws TypeError if `subject` is not a non-empty string
   */
  async epochForSignIn(subject: string): Promise<number> {
    return (await this.stateForSignIn(subject)).epoch;
  }

  /**
   * Like {@link epochForSignIn}, but also assigns a user who belongs to no realm to this one. A user with a row is not assigned if the
   * realm was ever revoked, because that did not reach the user's credentials; the caller then revokes the user.
   *
   * @param realmKey key of the realm; null assigns none
   * @internal
   */
  async stateForSignIn(subject: string, realmKey: string | null = null): Promise<EpochState> {
    const [key, known] = [subjectKey(subject), await this.stateOf(subject)];
    if (known && (realmKey === null || known.realmKey !== null)) return known;
    const { now, onConflict } = this.sql;
    const insert = `INSERT INTO gtr_subject_epoch (subject_hash, epoch, previous, realm_hash) VALUES (?, ${now}, 0, ?)`;
    const place = `realm_hash = CASE WHEN gtr_subject_epoch.realm_hash IS NULL AND ${realmEpoch('?')} = 0
      THEN ? ELSE gtr_subject_epoch.realm_hash END`;
    const statement = `${insert} ${onConflict('subject_hash', [place])}`;
    const values = [key, realmKey, realmKey, realmKey];
    await this.deadline.run(() => onPrimary(this.dataSource, (manager) => run(manager, statement, values)));
    const state = (await this.stateOf(subject))!;
    if (!known) this.onFirstSignIn(subject);
    return state;
  }

  /**
   * Returns whether a credential is live. Call it each time a credential is presented; it reads the primary. A check that
   * starts after the answer to a revocation returns false.
   *
   * @param subject canonical account id the credential belongs to
   * @param epoch what {@link epochForSignIn} returned, as a driver returns a BIGINT
   * @param options what applies to a credential without an epoch
   * @throws RevocationError `unavailable` if the database does not answer: reject the credential with 503
   * @throws TypeError if `subject` is not a non-empty string
   */
  async isCurrent(
    subject: string,
    epoch: number | string | null | undefined,
    { withoutEpoch = 'dead' }: WithoutEpoch = {},
  ): Promise<boolean> {
    if (withoutEpoch === 'until-revoked' && isWithoutEpoch(epoch))
      return this.areLive(new Map([[subjectKey(subject), FROM_BEFORE]]));
    const current = await this.current(subject);
    return current !== undefined && String(epoch) === String(current);
  }

  /**
   * Returns whether all of these epochs, by {@link subjectKey}, are live; 0 is that of credentials from before the module.
   *
   * @internal
   * @throws RevocationError `unavailable`
   */
  async areLive(epochs: ReadonlyMap<string, number>): Promise<boolean> {
    const isFromBefore = [...epochs.values()].includes(FROM_BEFORE);
    const rows = await this.statesOf([...epochs.keys(), ...(isFromBefore ? [EVERYBODY] : [])]);
    return [...epochs].every(([key, epoch]) => isLiveEpoch(epoch, rows.get(key), rows.get(EVERYBODY)));
  }

  /**
   * Returns the current epoch of a user, read from the primary. Use it to compare, as {@link isCurrent} does; never store it
   * with a credential.
   *
   * @param subject canonical account id
   * @returns undefined if there is no row: nothing of that user is live
   * @throws RevocationError `unavailable` if the database does not answer
   * @throws TypeError if `subject` is not a non-empty string
   */
  async current(subject: string): Promise<number | undefined> {
    return (await this.stateOf(subject))?.epoch;
  }

  private async stateOf(subject: string): Promise<EpochState | undefined> {
    const key = subjectKey(subject);
    return (await this.statesOf([key])).get(key);
  }

  /**
   * Returns the epochs of several users by {@link subjectKey}. Look-ups of other requests share the statement.
   *
   * @internal
   * @throws RevocationError `unavailable`
   */
  async currentOf(keys: readonly string[]): Promise<Map<string, number>> {
    return new Map([...(await this.statesOf(keys))].map(([key, { epoch }]) => [key, epoch]));
  }

  /** Counts the users who are known to belong to a realm, up to `limit`. @internal */
  async countOf(realmKey: string, limit: number): Promise<number> {
    const counted = `SELECT subject_hash FROM gtr_subject_epoch WHERE realm_hash = ? LIMIT ${limit}`;
    const sql = `SELECT COUNT(*) AS users FROM (${counted}) t`;
    type Row = { users: number };
    const count = () => onPrimary(this.dataSource, (manager) => rowsOf<Row>(manager, sql, [realmKey], ['users']));
    return (await this.deadline.run(count))[0]!.users;
  }

  private async statesOf(keys: readonly string[]): Promise<Map<string, EpochState>> {
    expectOutside(this.dataSource);
    const found = await this.deadline.run(() => Promise.all(keys.map((key) => this.epochs.find(key))));
    return new Map(keys.flatMap((key, i) => (found[i] === undefined ? [] : [[key, found[i]]])));
  }

  /**
   * Raises the epoch of a user or of everybody: every credential with an older epoch is dead when `manager`'s transaction commits.
   *
   * @param subject account id, or {@link ALL_SUBJECTS}
   * @internal
   */
  raise(manager: EntityManager, subject: string): Promise<void> {
    return raiseEpochs(manager, new Map([[sha256Hex(subject), 1]]));
  }

  /** Isolation level that a transaction with {@link raiseAll} needs; undefined: any. */
  get isolationToRaiseAll(): 'READ COMMITTED' | 'REPEATABLE READ' | undefined {
    return this.sql.everyRow.isolation;
  }

  /**
   * Raises the epoch of each user, and that of everybody. Also ends credentials without an epoch, including those of users without a
   * row. Waits for first sign-ins that are adding a row; later ones wait until the transaction ends. So none is missed.
   *
   * @param manager in a transaction of the level `isolationToRaiseAll`
   * @returns the number of users with a row
   */
  async raiseAll(manager: EntityManager): Promise<number> {
    const { now, greatest, everyRow } = this.sql;
    if (everyRow.lock) await manager.query(everyRow.lock('gtr_subject_epoch'));
    await run(
      manager,
      `UPDATE gtr_subject_epoch SET previous = epoch, epoch = ${greatest('gtr_subject_epoch.epoch + 1', now)}`,
    );
    await this.raise(manager, ALL_SUBJECTS);
    // A restored backup may lack what the realm of a user added to the epoch, and what a move from that one to another did.
    const more = `UPDATE gtr_subject_epoch SET epoch = epoch + 2 * (${now}) WHERE subject_hash = '${EVERYBODY}'`;
    await run(manager, more);
    return manager.count(SubjectEpoch, { where: { subjectHash: Not(EVERYBODY) } });
  }
}
