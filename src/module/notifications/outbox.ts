import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { DataSource, EntityManager } from 'typeorm';
import { REVOCATION_DATA_SOURCE } from '../database/revocation-data-source.js';
import { type SqlDialect, sqlDialect } from '../database/sql-dialect.js';
import { sha256Hex } from '../database/digest.js';
import { run } from '../database/statement.js';
import { GLOBAL_REVOCATION_OPTIONS, type ResolvedOptions } from '../options/global-revocation.options.js';
import type { RevocationEvent } from '../options/revocation-listener.js';
import { Alarm } from '../revocation/sweep/alarm.js';
import { subjectKey } from '../revocation/subject-epochs.js';

/** Something for one recipient of a sink. */
interface Told {
  sink: string;
  recipient: string;
  data: string;
}

/** Priority of a revocation of everybody. */
const LATER = 1;

/**
 * Writes what is to be notified in the transaction of its revocation. Nothing is written if no sink is configured.
 *
 * @publicApi
 */
@Injectable()
export class Outbox {
  /** Rings when there is something to do. @internal */
  readonly alarm = new Alarm();
  /** Rings when deliveries are due. @internal */
  readonly deliveries = new Alarm();

  private readonly sql: SqlDialect;
  private readonly isUsed: boolean;

  constructor(
    @Inject(REVOCATION_DATA_SOURCE) dataSource: DataSource,
    @Inject(GLOBAL_REVOCATION_OPTIONS) { notifications }: Pick<ResolvedOptions, 'notifications'>,
  ) {
    this.sql = sqlDialect(dataSource);
    this.isUsed = notifications.sinks.length > 0;
  }

  /** Writes a revocation. Call it after the epoch was raised. @param manager of the transaction @internal */
  async write(manager: EntityManager, { id, subject, createdAt }: RevocationEvent): Promise<void> {
    if (!this.isUsed) return;
    const [key, epochOf] = [
      subjectKey(subject),
      (column: string) => `(SELECT e.${column} FROM gtr_subject_epoch e WHERE e.subject_hash = ?)`,
    ];
    // PostgreSQL has no text with NUL
    const values = [id, subject.replaceAll('\0', '\uFFFD'), key, key];
    await run(manager, this.insert(epochOf('previous'), epochOf('epoch'), '?', 0), [...values, createdAt]);
  }

  /** Writes that everybody was revoked. @param manager of the transaction */
  async writeEverybody(manager: EntityManager): Promise<void> {
    if (this.isUsed) await run(manager, this.insert('0', '0', this.sql.now, LATER), [randomUUID(), '']);
  }

  /**
   * Tells one recipient of a sink something that is not a revocation. Ring {@link deliveries} after the COMMIT.
   *
   * @param manager of a transaction
   * @internal
   */
  async tell(manager: EntityManager, { sink, recipient, data }: Told): Promise<void> {
    const [id, { now }] = [randomUUID(), this.sql];
    const entry = `INSERT INTO gtr_outbox (id, subject, epoch_before, epoch_after, created_at, priority, attempts, finished_at)
      VALUES (?, '', 0, 0, ${now}, 0, 0, ${now})`;
    await run(manager, entry, [id]);
    const delivery = `INSERT INTO gtr_delivery
      (id, outbox_id, sink, recipient, subject, data, state, answer, priority, attempts, due_at)
      VALUES (?, ?, ?, ?, '', ?, 'waiting', '', 0, 0, ${now})`;
    await run(manager, delivery, [sha256Hex(id), id, sink, recipient, data]);
  }

  /** Starts notifying, after the COMMIT. @internal */
  committed(): void {
    if (this.isUsed) this.alarm.ring();
  }

  private insert(before: string, after: string, createdAt: string, priority: number): string {
    return `INSERT INTO gtr_outbox (id, subject, epoch_before, epoch_after, created_at, priority, attempts, due_at)
      VALUES (?, ?, ${before}, ${after}, ${createdAt}, ${priority}, 0, ${this.sql.now})`;
  }
}
