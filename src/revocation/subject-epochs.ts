import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource, EntityManager } from 'typeorm';
import { DatabaseDeadline } from '../database/deadline.js';
import { sha256Hex } from '../database/digest.js';
import { onPrimary } from '../database/primary.js';
import { gateSqlite } from '../database/sqlite-gate.js';
import { type SqlDialect, sqlDialect } from '../database/sql-dialect.js';

/** Key of a user's epoch row. @param subject canonical account id (`sub`) */
export const subjectKey = (subject: string): string => sha256Hex(subject);

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
   * The epoch to stamp a new login with; the row is made when there is none. Read it **before** the first factor is checked.
   *
   * @param subject canonical account id
   * @throws RevocationError `unavailable` when the database does not answer
   */
  async open(subject: string): Promise<number> {
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
   * The epoch of a user who has one, read from the primary.
   *
   * @returns undefined when there is no row: nothing of that user is live
   * @throws RevocationError `unavailable`
   */
  async current(subject: string): Promise<number | undefined> {
    return (await this.currentOf([subjectKey(subject)])).get(subjectKey(subject));
  }

  /** The epochs of several users by {@link subjectKey}, in one statement. @throws RevocationError `unavailable` */
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
   */
  async raise(manager: EntityManager, subject: string): Promise<void> {
    const { now, greatest, onConflict } = this.sql;
    const table = 'gtr_subject_epoch';
    const insert = `INSERT INTO ${table} (subject_hash, epoch, previous) VALUES (?, ${now}, 0)`;
    const update = [`previous = ${table}.epoch`, `epoch = ${greatest(`${table}.epoch + 1`, now)}`];
    await manager.query(`${insert} ${onConflict('subject_hash', update)}`, [subjectKey(subject)]);
  }

  /** One statement on the primary in autocommit: an older snapshot of a host's open transaction must not be asked. */
  private query(sql: string, parameters: readonly unknown[]): Promise<unknown> {
    return this.deadline.run(() => onPrimary(this.dataSource, (manager) => manager.query(sql, [...parameters])));
  }
}
