import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource, EntityManager } from 'typeorm';
import { DatabaseDeadline } from '../database/deadline.js';
import { sha256Hex } from '../database/digest.js';
import { onPrimary } from '../database/primary.js';
import { gateSqlite } from '../database/sqlite-gate.js';
import { type SqlDialect, sqlDialect } from '../database/sql-dialect.js';
import { SubjectEpoch } from './subject-epoch.entity.js';

/** What is wrong with an account id, which is text; undefined: nothing. */
export const accountIdFault = (subject: unknown): TypeError | undefined =>
  typeof subject === 'string' && subject !== ''
    ? undefined
    : new TypeError('account id must be a non-empty string: `String(user.id)`');

/**
 * Key of a user's epoch row.
 *
 * @param subject canonical account id (`sub`)
 * @throws TypeError when it is not text, or empty
 */
export function subjectKey(subject: string): string {
  const fault = accountIdFault(subject);
  if (fault) throw fault;
  return sha256Hex(subject);
}

/**
 * The epoch of each user. A credential carries the epoch as it stood before the user's first factor was checked, hands it
 * down to what is made from it, and lives while the two are equal.
 */
@Injectable()
export class SubjectEpochs {
  private readonly sql: SqlDialect;

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    @Inject(DatabaseDeadline) private readonly deadline: DatabaseDeadline,
  ) {
    gateSqlite(dataSource);
    this.sql = sqlDialect(dataSource);
  }

  /**
   * The stamp of a new sign-in; the user's row is made when there is none. Asked for **before** the first factor is checked,
   * stored with the first credential of the sign-in, and copied from each credential to what is made from it. Never asked
   * for again in a refresh or an exchange: a credential that was being made while its user was revoked would live on.
   *
   * @param subject canonical account id (`sub`), the same that is revoked
   * @throws RevocationError `unavailable` when the database does not answer: nobody can sign in
   * @throws TypeError when `subject` is not text, or empty
   */
  async pin(subject: string): Promise<number> {
    const known = await this.current(subject);
    if (known !== undefined) return known;
    const { now, onConflict } = this.sql;
    const insert = `INSERT INTO gtr_subject_epoch (subject_hash, epoch, previous) VALUES (?, ${now}, 0)`;
    await this.query(`${insert} ${onConflict('subject_hash', ['epoch = gtr_subject_epoch.epoch'])}`, [
      subjectKey(subject),
    ]);
    return (await this.current(subject))!;
  }

  /**
   * Whether a credential lives: asked each time one is presented, of the primary. A check that starts after the answer to a
   * revocation says no.
   *
   * @param subject canonical account id the credential belongs to
   * @param stamp what {@link pin} gave, as a driver returns a BIGINT; no stamp is never current
   * @throws RevocationError `unavailable` when the database does not answer: refuse the credential, with 503
   * @throws TypeError when `subject` is not text, or empty
   */
  async isCurrent(subject: string, stamp: number | string | null | undefined): Promise<boolean> {
    const epoch = await this.current(subject);
    return epoch !== undefined && String(stamp) === String(epoch);
  }

  /**
   * The epoch of a user who has one, read from the primary. To compare stamps with, as {@link isCurrent} does, never to stamp
   * with.
   *
   * @param subject canonical account id
   * @returns undefined when there is no row: nothing of that user is live
   * @throws RevocationError `unavailable` when the database does not answer
   * @throws TypeError when `subject` is not text, or empty
   */
  async current(subject: string): Promise<number | undefined> {
    return (await this.currentOf([subjectKey(subject)])).get(subjectKey(subject));
  }

  /**
   * The epochs of several users by {@link subjectKey}, in one statement.
   *
   * @internal
   * @throws RevocationError `unavailable`
   */
  async currentOf(keys: readonly string[]): Promise<Map<string, number>> {
    const marks = keys.map(() => '?').join(', ');
    const rows = (await this.query(
      `SELECT subject_hash AS subjectKey, epoch FROM gtr_subject_epoch WHERE subject_hash IN (${marks})`,
      keys,
    )) as Array<{ subjectKey: string; epoch: string | number }>;
    return new Map(rows.map((row) => [row.subjectKey, Number(row.epoch)]));
  }

  /**
   * Raises the epoch of a user: everything stamped before is dead when `manager`'s transaction commits. Done inside the
   * database in one statement, so that concurrent calls each raise it, and never to a value used before.
   *
   * @internal
   */
  async raise(manager: EntityManager, subject: string): Promise<void> {
    const { now, greatest, onConflict } = this.sql;
    const table = 'gtr_subject_epoch';
    const insert = `INSERT INTO ${table} (subject_hash, epoch, previous) VALUES (?, ${now}, 0)`;
    const update = [`previous = ${table}.epoch`, `epoch = ${greatest(`${table}.epoch + 1`, now)}`];
    await manager.query(`${insert} ${onConflict('subject_hash', update)}`, [subjectKey(subject)]);
  }

  /**
   * Raises the epoch of everybody, in one statement: no credential that was stamped before lives on. Who has no row has
   * nothing that lives.
   *
   * @internal
   * @returns how many rows there are
   */
  async raiseAll(manager: EntityManager): Promise<number> {
    const { now, greatest } = this.sql;
    await manager.query(
      `UPDATE gtr_subject_epoch SET previous = epoch, epoch = ${greatest('gtr_subject_epoch.epoch + 1', now)}`,
    );
    return manager.count(SubjectEpoch);
  }

  /** One statement on the primary in autocommit: an older snapshot of a host's open transaction must not be asked. */
  private query(sql: string, parameters: readonly unknown[]): Promise<unknown> {
    return this.deadline.run(() => onPrimary(this.dataSource, (manager) => manager.query(sql, [...parameters])));
  }
}
