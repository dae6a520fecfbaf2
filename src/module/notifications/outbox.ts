import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { DataSource, EntityManager } from 'typeorm';
import { REVOCATION_DATA_SOURCE } from '../database/revocation-data-source.js';
import { type SqlDialect, sqlDialect } from '../database/sql-dialect.js';
import { sha256Hex } from '../database/digest.js';
import { run } from '../database/statement.js';
import { GLOBAL_REVOCATION_OPTIONS, type ResolvedOptions } from '../options/global-revocation.options.js';
import { EVERYBODY_REALM } from '../options/revocation-listener.js';
import { Alarm } from '../revocation/sweep/alarm.js';

/** A notification for one recipient of a sink. */
interface Told {
  sink: string;
  recipient: string;
  data: string;
}

/** Priority of a revocation of a realm. */
export const LATER = 1;

/** Beginning of an INSERT of {@link OutboxEntry}. */
export const INTO_OUTBOX =
  'INSERT INTO gtr_outbox (id, subject, realm, epoch_before, epoch_after, created_at, priority, attempts, due_at)';

/**
 * Holds the revocations to notify about. A revocation only marks its own record, and a background job puts it here, so a
 * revocation costs the same whether or not anybody is notified.
 *
 * @publicApi
 */
@Injectable()
export class Outbox {
  /** Rings when records are marked. @internal */
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

  /** Mark of a new record: 1, or null if no sink is configured. @internal */
  get toNotify(): 1 | null {
    return this.isUsed ? 1 : null;
  }

  /** Adds a revocation of everybody that has no record. @param manager of the transaction */
  async writeEverybody(manager: EntityManager): Promise<void> {
    const { now } = this.sql;
    const row = `VALUES (?, '', '${EVERYBODY_REALM}', 0, 0, ${now}, ${LATER}, 0, ${now})`;
    if (this.isUsed) await run(manager, `${INTO_OUTBOX} ${row}`, [randomUUID()]);
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

  /** Call after the COMMIT: starts notifying, but only after the caller has continued. @internal */
  committed(): void {
    if (this.isUsed) setImmediate(() => this.alarm.ring());
  }
}
