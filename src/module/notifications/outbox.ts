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
import type { EpochValues } from '../revocation/epoch-columns.js';

/** Something for one recipient of a sink. */
interface Told {
  sink: string;
  recipient: string;
  data: string;
}

/** Priority of a revocation of everybody. */
const LATER = 1;

const INSERT =
  'INSERT INTO gtr_outbox (id, subject, epoch_before, epoch_after, created_at, priority, attempts, due_at) VALUES ';

/** A revocation with its epochs. */
type Notifiable = Pick<RevocationEvent, 'id' | 'subject' | 'createdAt'> & { epochs: EpochValues };

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

  /** Writes revocations. Call it after the epochs were raised. @param manager of the transaction @internal */
  async write(manager: EntityManager, revocations: readonly Notifiable[]): Promise<void> {
    if (!this.isUsed) return;
    const rows = revocations.map(({ epochs: { epochBefore, epochAfter } }) =>
      this.row(epochBefore.sql, epochAfter.sql, '?', 0),
    );
    const parameters = revocations.flatMap(({ id, subject, createdAt, epochs: { epochBefore, epochAfter } }) => {
      // PostgreSQL has no text with NUL
      return [id, subject.replaceAll('\0', '\uFFFD'), epochBefore.parameter, epochAfter.parameter, createdAt];
    });
    await run(manager, INSERT + rows.join(', '), parameters);
  }

  /** Writes that everybody was revoked. @param manager of the transaction @param id of the record, if there is one */
  async writeEverybody(manager: EntityManager, { id }: { id: string } = { id: randomUUID() }): Promise<void> {
    if (this.isUsed) await run(manager, INSERT + this.row('0', '0', this.sql.now, LATER), [id, '']);
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

  private row(before: string, after: string, createdAt: string, priority: number): string {
    return `(?, ?, ${before}, ${after}, ${createdAt}, ${priority}, 0, ${this.sql.now})`;
  }
}
