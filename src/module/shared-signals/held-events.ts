import { Inject, Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { DatabaseDeadline } from '../database/deadline.js';
import { onPrimary } from '../database/primary.js';
import { recordedText } from '../database/recorded-text.js';
import { REVOCATION_DATA_SOURCE } from '../database/revocation-data-source.js';
import { sqlDialect } from '../database/sql-dialect.js';
import { marks, rowsOf, run } from '../database/statement.js';
import { SINK, STORED_UPDATE } from './event-types.js';
import type { Told } from './security-events.js';

export const HELD_MAX = 10_000;
export const HELD_DAYS = 7;

const DAY_MS = 86_400_000;

const ANSWER_MAX = 255;

interface Row {
  id: string;
  subject: string;
  data: string;
  outboxId: string;
  createdAt: number;
}

/** Events that wait until their receiver polls, or until a paused stream goes on. They are deliveries in the state `held`. */
@Injectable()
export class HeldEvents {
  constructor(
    @Inject(REVOCATION_DATA_SOURCE) private readonly dataSource: DataSource,
    @Inject(DatabaseDeadline) private readonly deadline: DatabaseDeadline,
  ) {}

  /** Returns the events that a stream holds, oldest first. @param isPaused only those that say so */
  of(streamId: string, limit: number, isPaused: boolean): Promise<Told[]> {
    const only = isPaused ? `AND d.data LIKE '${STORED_UPDATE}%'` : '';
    const sql = `SELECT d.id, d.subject, d.data, d.outbox_id AS "outboxId", o.created_at AS "createdAt"
      FROM gtr_delivery d JOIN gtr_outbox o ON o.id = d.outbox_id
      WHERE d.recipient = ? AND d.state = 'held' AND d.sink = ? ${only} ORDER BY o.created_at, d.id LIMIT ${limit}`;
    return this.deadline.run(async () => {
      const rows = await onPrimary(this.dataSource, (manager) =>
        rowsOf<Row>(manager, sql, [streamId, SINK], ['createdAt']),
      );
      return rows.map(({ outboxId, createdAt, ...row }) => ({ ...row, revocation: { id: outboxId, createdAt } }));
    });
  }

  /** Returns whether a stream holds as many events as it may. */
  async isFull(streamId: string): Promise<boolean> {
    const held = `SELECT 1 AS one FROM gtr_delivery WHERE recipient = ? AND state = 'held' LIMIT ${HELD_MAX}`;
    const sql = `SELECT COUNT(*) AS held FROM (${held}) t`;
    const [row] = await onPrimary(this.dataSource, (manager) =>
      rowsOf<{ held: string | number }>(manager, sql, [streamId]),
    );
    return Number(row!.held) >= HELD_MAX;
  }

  /** Gives up what a stream holds for too long, except that it was paused. @returns number of events */
  async expire(streamId: string, why: string): Promise<number> {
    const { now } = sqlDialect(this.dataSource);
    const update = `UPDATE gtr_delivery SET state = 'dead', answer = ?, finished_at = ${now}
      WHERE recipient = ? AND state = 'held' AND sink = ? AND finished_at < ${now} - ${HELD_DAYS * DAY_MS}
      AND data NOT LIKE '${STORED_UPDATE}%'`;
    const { affected = 0 } = await this.deadline.run(() =>
      onPrimary(this.dataSource, (manager) => run(manager, update, [why, streamId, SINK])),
    );
    return affected;
  }

  /** Finishes events that the receiver has acknowledged. Ignores others. @see RFC 8936 §2.2 */
  acknowledge(streamId: string, jtis: readonly string[]): Promise<void> {
    const ids = jtis.filter(isJti);
    return this.finish(streamId, ids, `state = 'delivered', answer = ''`);
  }

  /** Finishes events that the receiver cannot use. Ignores others. @see RFC 8936 §2.6 */
  reject(streamId: string, problems: readonly Problem[]): Promise<void> {
    const known = problems.filter(([jti]) => isJti(jti));
    const answer = `CASE id ${known.map(() => 'WHEN ? THEN ?').join(' ')} END`;
    const values = known.flatMap(([jti, why]) => [jti, recordedText(why, ANSWER_MAX)]);
    const ids = known.map(([jti]) => jti);
    return this.finish(streamId, ids, `state = 'dead', answer = ${answer}`, values);
  }

  private async finish(streamId: string, ids: readonly string[], set: string, values: string[] = []): Promise<void> {
    if (ids.length === 0) return;
    const { now } = sqlDialect(this.dataSource);
    const update = `UPDATE gtr_delivery SET ${set}, finished_at = ${now}
      WHERE id IN (${marks(ids)}) AND recipient = ? AND state = 'held' AND sink = ?`;
    const all = [...values, ...ids, streamId, SINK];
    await this.deadline.run(() => onPrimary(this.dataSource, (manager) => run(manager, update, all)));
  }
}

/** What is wrong with an event, for operators. */
export type Problem = readonly [jti: string, why: string];

/** Whether a text is the id of a delivery. Some others make the statement fail. */
const isJti = (text: string): boolean => /^[\da-f]{64}$/.test(text);
