import { Logger } from '@nestjs/common';
import type { DataSource, EntityManager } from 'typeorm';
import { sha256Hex } from '../database/digest.js';
import { inTransaction, onPrimary } from '../database/primary.js';
import { sqlDialect } from '../database/sql-dialect.js';
import { run } from '../database/statement.js';
import type { NotificationSink, Recipient } from '../options/notification-sink.js';
import { backoff } from './backoff.js';
import { Leases } from './leases.js';
import { OutboxEntry, revocationOf } from './outbox-entry.entity.js';
import { withinMs } from './within-ms.js';

/** Rows of one INSERT. */
const BATCH = 100;
/** Longest time that a sink has for naming a page of recipients, in milliseconds. */
const PAGE_MS = 30_000;

interface Progress {
  /** Names of sinks that have named all recipients. */
  done: string[];
  /** The next page of the first other sink. */
  page?: string | undefined;
}

/** Turns a revocation into one delivery per recipient, one page at a time, so that others come in between. */
export class Expansion {
  private readonly leases: Leases;
  private readonly logger = new Logger('Notifications');

  /** @param isClosed whether the database may not be used any more */
  constructor(
    private readonly dataSource: DataSource,
    private readonly sinks: ReadonlyMap<string, NotificationSink>,
    private readonly isClosed: () => boolean,
  ) {
    this.leases = new Leases(dataSource, 'gtr_outbox');
  }

  /** Expands one page of a due revocation. @returns whether there was one */
  async advance(): Promise<boolean> {
    const { by, ids, hasMore } = await this.leases.claim((due) => due.slice(0, 1));
    if (ids.length === 0) return hasMore;
    const [id] = ids as [string];
    const entry = await onPrimary(this.dataSource, (manager) => manager.findOneBy(OutboxEntry, { id }));
    if (entry) await this.page(entry, by);
    return true;
  }

  private async page(entry: OutboxEntry, by: string): Promise<void> {
    const { done, page } = JSON.parse(entry.progress ?? '{"done":[]}') as Progress;
    const sink = [...this.sinks.values()].find(({ name }) => !done.includes(name));
    try {
      if (!sink) return await this.save(entry, by, undefined, []);
      const asked = sink.recipients(revocationOf(entry), page);
      const { recipients, next } = await withinMs(PAGE_MS, `${sink.name}.recipients()`, asked);
      const progress = next === undefined ? { done: [...done, sink.name] } : { done, page: next };
      const isLast = next === undefined && progress.done.length >= this.sinks.size;
      await this.save(entry, by, isLast ? undefined : progress, rowsFor(entry, sink.name, recipients));
    } catch (error) {
      this.logger.error(`cannot find out whom to tell about revocation ${entry.id}, will try again: ${String(error)}`);
      await this.postpone(entry, by);
    }
  }

  /** Stores the deliveries of a page and the progress, in one transaction. @param progress undefined: all is done */
  private async save(entry: OutboxEntry, by: string, progress: Progress | undefined, rows: unknown[][]): Promise<void> {
    const { now } = sqlDialect(this.dataSource);
    const state = progress ? `due_at = ${now}` : `due_at = NULL, finished_at = ${now}`;
    if (this.isClosed()) return;
    const update = `UPDATE gtr_outbox SET ${state}, attempts = 0, claimed_by = NULL, progress = ? WHERE id = ? AND claimed_by = ?`;
    await inTransaction(this.dataSource, async (manager) => {
      const { affected } = await run(manager, update, [progress ? JSON.stringify(progress) : null, entry.id, by]);
      if (affected !== 1) return; // the lease has ended, and another process does this page
      for (let i = 0; i < rows.length; i += BATCH) await this.insert(manager, entry.priority, rows.slice(i, i + BATCH));
    });
  }

  private async insert(manager: EntityManager, priority: number, rows: unknown[][]): Promise<void> {
    const { now, onConflict } = sqlDialect(this.dataSource);
    const values = rows.map(() => `(?, ?, ?, ?, ?, ?, 'waiting', '', ${priority}, 0, ${now})`).join(', ');
    const columns = 'id, outbox_id, sink, recipient, subject, data, state, answer, priority, attempts, due_at';
    const once = onConflict('id', ['id = gtr_delivery.id']);
    await run(manager, `INSERT INTO gtr_delivery (${columns}) VALUES ${values} ${once}`, rows.flat());
  }

  private async postpone({ id, attempts }: OutboxEntry, by: string): Promise<void> {
    const { now } = sqlDialect(this.dataSource);
    if (this.isClosed()) return;
    const update = `UPDATE gtr_outbox SET due_at = ${now} + ?, claimed_by = NULL WHERE id = ? AND claimed_by = ?`;
    await onPrimary(this.dataSource, (manager) => run(manager, update, [backoff(attempts), id, by]));
  }
}

/** Values of new deliveries, each recipient once. */
function rowsFor(entry: OutboxEntry, sink: string, recipients: readonly Recipient[]): unknown[][] {
  const rows = recipients.map(({ id, subject = entry.subject, data = '' }) => {
    const key = sha256Hex(JSON.stringify([entry.id, sink, id, subject]));
    return [key, [key, entry.id, sink, id, subject, data]] as [string, unknown[]];
  });
  return [...new Map(rows).values()];
}
