import { Inject, Injectable } from '@nestjs/common';
import type { DataSource, EntityManager } from 'typeorm';
import { ChangeRefusal } from '../audit/operator-changes.js';
import { onPrimary } from '../database/primary.js';
import { REVOCATION_DATA_SOURCE } from '../database/revocation-data-source.js';
import { sqlDialect } from '../database/sql-dialect.js';
import { idsOf, marks, rowsOf, run } from '../database/statement.js';
import type { DeliveryState } from './delivery.entity.js';

/** A delivery, for operators. @publicApi */
export interface ListedDelivery {
  id: string;
  /** Id of the revocation. */
  outboxId: string;
  sink: string;
  recipient: string;
  /** Account id of the user. */
  subject: string;
  state: DeliveryState;
  /** What the recipient answered last, or why the last attempt failed. */
  answer: string;
  /** Attempts that have begun. */
  attempts: number;
  /** UTC epoch milliseconds of the next attempt; null when nothing is left to do. */
  dueAt: number | null;
  /** UTC epoch milliseconds; null while something is left to do. */
  finishedAt: number | null;
  /** UTC epoch milliseconds of the revocation. */
  createdAt: number;
}

/** Selects deliveries. @publicApi */
export interface DeliveryFilter {
  limit: number;
  state?: string | undefined;
  recipient?: string | undefined;
  /** Id of the revocation. */
  revocation?: string | undefined;
}

/** A recipient with notifications that were given up recently. @publicApi */
export interface FailingRecipient {
  sink: string;
  recipient: string;
  /** Number of notifications that were given up within the last day. */
  notifications: number;
}

export interface DeliveryCount {
  state: DeliveryState;
  deliveries: number;
  /** UTC epoch milliseconds at which the last of them finished; 0 if none has. */
  finishedAt: number;
}

/** How many notifications a recipient has not received. @publicApi */
export interface Backlog {
  /** Notifications that wait for an attempt, or for their recipient. */
  pending: number;
  /** Notifications of the last 30 days that were given up, except for those that an operator dropped. */
  dead: number;
}

/** Rows of one statement. */
const BATCH = 500;
/** How far {@link Deliveries.failing} looks back, in milliseconds. */
const RECENT_MS = 86_400_000;

/** Given up, but not by an operator. */
const GIVEN_UP = `state = 'dead' AND answer <> 'dropped'`;

const OLDEST = `SELECT MIN(t.created_at) AS "oldestAt" FROM (
  SELECT MIN(created_at) AS created_at FROM gtr_revocation WHERE to_notify = 1
  UNION ALL SELECT MIN(created_at) AS created_at FROM gtr_outbox WHERE finished_at IS NULL
  UNION ALL SELECT MIN(o.created_at) AS created_at FROM gtr_delivery d JOIN gtr_outbox o ON o.id = d.outbox_id
  WHERE d.finished_at IS NULL) t`;

/** Shows operators the notifications, and repeats or drops them. @publicApi */
@Injectable()
export class Deliveries {
  constructor(@Inject(REVOCATION_DATA_SOURCE) private readonly dataSource: DataSource) {}

  /** Returns the latest deliveries, newest first. @throws Error of the driver */
  latest({ limit, ...filter }: DeliveryFilter): Promise<ListedDelivery[]> {
    const columns = { state: 'd.state', recipient: 'd.recipient', revocation: 'd.outbox_id' } as const;
    const given = (Object.keys(columns) as Array<keyof typeof columns>).filter((name) => filter[name] !== undefined);
    const where = given.map((name) => `${columns[name]} = ?`).join(' AND ') || '1 = 1';
    const sql = `SELECT d.id, d.outbox_id AS "outboxId", d.sink, d.recipient, d.subject, d.state, d.answer, d.attempts,
      d.due_at AS "dueAt", d.finished_at AS "finishedAt", o.created_at AS "createdAt"
      FROM gtr_delivery d JOIN gtr_outbox o ON o.id = d.outbox_id
      WHERE ${where} ORDER BY o.created_at DESC, d.id LIMIT ${limit}`;
    const values = given.map((name) => filter[name]);
    return onPrimary(this.dataSource, (manager) =>
      rowsOf<ListedDelivery>(manager, sql, values, ['attempts', 'dueAt', 'finishedAt', 'createdAt']),
    );
  }

  /**
   * Immediately starts new attempts for all notifications that a recipient has not received, including those given up.
   *
   * @param manager of a transaction
   * @returns number of notifications, without those that are being sent at the moment
   * @throws ChangeRefusal `not_found` if there was never a notification for the recipient
   */
  retry(manager: EntityManager, recipient: string): Promise<number> {
    const { now } = sqlDialect(this.dataSource);
    const set = `state = 'waiting', attempts = 0, due_at = ${now}, finished_at = NULL`;
    return this.change(manager, recipient, set, `(state = 'dead' OR (state = 'waiting' AND claimed_by IS NULL))`);
  }

  /**
   * Gives up the notifications that a recipient has not received yet.
   *
   * @param manager of a transaction
   * @returns number of notifications
   * @throws ChangeRefusal `not_found` if there was never a notification for the recipient
   */
  drop(manager: EntityManager, recipient: string): Promise<number> {
    const { now } = sqlDialect(this.dataSource);
    const set = `state = 'dead', answer = 'dropped', due_at = NULL, finished_at = ${now}, claimed_by = NULL`;
    return this.change(manager, recipient, set, `state IN ('waiting', 'held')`);
  }

  /** Returns the recipients with notifications that were given up within the last day. @throws Error of the driver */
  failing(): Promise<FailingRecipient[]> {
    const { now } = sqlDialect(this.dataSource);
    const sql = `SELECT sink, recipient, COUNT(*) AS notifications FROM gtr_delivery
      WHERE finished_at > (SELECT ${now}) - ${RECENT_MS} AND ${GIVEN_UP}
      GROUP BY sink, recipient ORDER BY recipient, sink`;
    return onPrimary(this.dataSource, (manager) => rowsOf<FailingRecipient>(manager, sql, [], ['notifications']));
  }

  /**
   * Counts what recipients of a sink were not told.
   *
   * @returns by recipient; those who were told everything are missing
   * @throws Error of the driver
   * @internal
   */
  async backlogs(sink: string, recipients: readonly string[]): Promise<ReadonlyMap<string, Backlog>> {
    if (recipients.length === 0) return new Map();
    const sql = `SELECT recipient, COUNT(CASE WHEN state <> 'dead' THEN 1 END) AS pending,
      COUNT(CASE WHEN ${GIVEN_UP} THEN 1 END) AS dead FROM gtr_delivery
      WHERE recipient IN (${marks(recipients)}) AND state IN ('waiting', 'held', 'dead') AND sink = ?
      GROUP BY recipient`;
    type Row = { recipient: string } & Backlog;
    return onPrimary(this.dataSource, async (manager) => {
      const rows = await rowsOf<Row>(manager, sql, [...recipients, sink], ['pending', 'dead']);
      return new Map(rows.map(({ recipient, ...backlog }) => [recipient, backlog]));
    });
  }

  /** Counts the deliveries of a revocation by state. @param revocation its id @internal */
  counts(revocation: string): Promise<DeliveryCount[]> {
    const sql = `SELECT state, COUNT(*) AS deliveries, COALESCE(MAX(finished_at), 0) AS "finishedAt"
      FROM gtr_delivery WHERE outbox_id = ? GROUP BY state`;
    return onPrimary(this.dataSource, (manager) =>
      rowsOf<DeliveryCount>(manager, sql, [revocation], ['deliveries', 'finishedAt']),
    );
  }

  /** Returns whether further recipients of a revocation may still be found. @param revocation its id */
  isExpanding(revocation: string): Promise<boolean> {
    const sql = `SELECT id FROM gtr_revocation WHERE id = ? AND to_notify = 1
      UNION ALL SELECT id FROM gtr_outbox WHERE id = ? AND finished_at IS NULL`;
    const ids = [revocation, revocation];
    return onPrimary(this.dataSource, async (manager) => (await rowsOf(manager, sql, ids)).length > 0);
  }

  /** Returns the time of the oldest revocation that somebody may still have to be told about; undefined if there is none. */
  oldest(): Promise<number | undefined> {
    return onPrimary(this.dataSource, async (manager) => {
      const [row] = await rowsOf<{ oldestAt: number | null }>(manager, OLDEST, [], ['oldestAt']);
      return row!.oldestAt ?? undefined;
    });
  }

  /** Changes rows by keys that are read first, so that no other rows are locked. */
  private async change(manager: EntityManager, recipient: string, set: string, which: string): Promise<number> {
    const ids = await idsOf(manager, `SELECT id FROM gtr_delivery WHERE recipient = ? AND ${which}`, [recipient]);
    if (ids.length === 0) await this.mustBeKnown(manager, recipient);
    let changed = 0;
    for (let i = 0; i < ids.length; i += BATCH) {
      const batch = ids.slice(i, i + BATCH);
      const update = `UPDATE gtr_delivery SET ${set} WHERE id IN (${marks(batch)}) AND ${which}`;
      changed += (await run(manager, update, batch)).affected ?? 0;
    }
    return changed;
  }

  private async mustBeKnown(manager: EntityManager, recipient: string): Promise<void> {
    if ((await rowsOf(manager, 'SELECT id FROM gtr_delivery WHERE recipient = ? LIMIT 1', [recipient])).length > 0)
      return;
    const message = `there are no notifications to '${recipient}'; see \`deliveries list\` for the names of recipients`;
    throw new ChangeRefusal('not_found', message);
  }
}
