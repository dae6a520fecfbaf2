import type { DataSource, EntityManager } from 'typeorm';
import { isDriverError } from '../database/driver-errors.js';
import { inTransaction, onPrimary } from '../database/primary.js';
import { patiently } from '../database/retry.js';
import { sqlDialect } from '../database/sql-dialect.js';
import { idsOf, marks, run } from '../database/statement.js';
import { INTO_OUTBOX, LATER } from './outbox.js';

/** Maximum number of records per transaction. */
const BATCH = 100;

const MARKED = `SELECT id FROM gtr_revocation WHERE to_notify = 1 ORDER BY created_at LIMIT ${BATCH} OFFSET ?`;

/**
 * Puts marked revocations into the outbox, the oldest first. The marked records are read without locks, because a lock on the
 * index would block new ones, and then locked by their keys. Records that another process has locked are skipped for the moment, so
 * that nobody waits. The transaction that fills the outbox also removes the marks: if a process dies, nothing is lost or repeated.
 */
export class MarkedRevocations {
  /** How many of the oldest to skip, because other processes had locked them. */
  private held = 0;

  /** @param isClosed whether the database may no longer be used */
  constructor(
    private readonly dataSource: DataSource,
    private readonly isClosed: () => boolean,
  ) {}

  /** Moves as many as one transaction may contain. @returns whether there may be more */
  async move(): Promise<boolean> {
    const { held } = this;
    const found = await onPrimary(this.dataSource, (manager) => idsOf(manager, MARKED, [held]));
    const isMoved = found.length > 0 && (await patiently(() => this.moveThese(found)));
    this.held = isMoved || found.length < BATCH ? 0 : held + BATCH;
    return found.length > 0 || held > 0;
  }

  private async moveThese(found: readonly string[]): Promise<boolean> {
    if (this.isClosed()) return false;
    const { gapless } = sqlDialect(this.dataSource);
    const move = (level?: typeof gapless) =>
      inTransaction(this.dataSource, (manager) => this.take(manager, found), level);
    if (!gapless) return move();
    return move(gapless).catch((error: unknown) => {
      if (isDriverError(error, 'transient')) throw error;
      return move(); // a server that logs statements, not rows, rejects the level
    });
  }

  /** @returns whether any was left by other processes */
  private async take(manager: EntityManager, found: readonly string[]): Promise<boolean> {
    const { byPrimaryKey, lockFree, now, onConflict } = sqlDialect(this.dataSource);
    const table = `gtr_revocation${byPrimaryKey}`;
    const free = `SELECT id FROM ${table} WHERE id IN (${marks(found)}) AND to_notify = 1${lockFree}`;
    const ids = await idsOf(manager, free, found);
    if (ids.length === 0) return false;
    const these = `WHERE id IN (${marks(ids)})`;
    await run(manager, `UPDATE ${table} SET to_notify = NULL ${these}`, ids);
    const row = `id, subject, realm, ${ofUser('epoch_before', '0')}, ${ofUser('epoch_after', '0')}, created_at,
      ${ofUser('0', String(LATER))}, 0, ${now}`;
    const once = onConflict('id', ['id = gtr_outbox.id']);
    await run(manager, `${INTO_OUTBOX} SELECT ${row} FROM ${table} ${these} ${once}`, ids);
    return true;
  }
}

/** SQL: one value for a revocation of a user, and another for a revocation of a realm. */
const ofUser = (value: string, other: string): string => `CASE WHEN realm = '' THEN ${value} ELSE ${other} END`;
