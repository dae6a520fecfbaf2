import { Logger } from '@nestjs/common';
import { type DataSource, In } from 'typeorm';
import { onPrimary } from '../database/primary.js';
import { recordedText } from '../database/recorded-text.js';
import { patiently } from '../database/retry.js';
import { sqlDialect } from '../database/sql-dialect.js';
import { run } from '../database/statement.js';
import { DeliveryError, type NotificationSink, type SendResult } from '../options/notification-sink.js';
import type { AttemptCounts } from './attempt-counts.js';
import { ATTEMPTS_MAX, backoff } from './backoff.js';
import { Delivery, type DeliveryState } from './delivery.entity.js';
import { type Candidate, LEASE_MS, Leases } from './leases.js';
import { OutboxEntry, revocationOf } from './outbox-entry.entity.js';
import { withinMs } from './within-ms.js';

/** Longest time of an attempt, in milliseconds. */
const ATTEMPT_MS = 10_000;
/** Most attempts of this process at one recipient at the same time, so that one that hangs does not hold up the others. */
const PER_RECIPIENT = 4;
const ANSWER_MAX = 255;

/** Attempts deliveries that are due, several at a time. */
export class Attempts {
  private readonly leases: Leases;
  private readonly logger = new Logger('Notifications');
  private readonly running = new Map<Promise<void>, string>();

  /**
   * @param parallel most attempts at the same time
   * @param isClosed whether the database may not be used any more
   */
  constructor(
    private readonly dataSource: DataSource,
    private readonly sinks: ReadonlyMap<string, NotificationSink>,
    private readonly parallel: number,
    private readonly isClosed: () => boolean,
    private readonly counts: AttemptCounts,
  ) {
    this.leases = new Leases(dataSource, 'gtr_delivery');
  }

  get underWay(): Promise<unknown> {
    return Promise.all(this.running.keys());
  }

  /**
   * Begins as many due deliveries as it may, and does not wait for them.
   *
   * @param whenDone called after each attempt
   * @returns whether more is due
   */
  async begin(whenDone: () => void): Promise<boolean> {
    const free = this.parallel - this.running.size;
    if (free <= 0) return false;
    const busy = this.countByRecipient();
    const full = [...busy].filter(([, count]) => count >= PER_RECIPIENT).map(([recipient]) => recipient);
    const { by, ids, hasMore } = await this.leases.claim((due) => fairShare(due, free, busy), full);
    for (const [delivery, entry] of await this.read(ids)) {
      const attempt = this.attempt(delivery, entry, by)
        .catch((error: unknown) => this.logger.error(`delivery ${delivery.id} will be repeated: ${String(error)}`))
        .finally(() => {
          this.running.delete(attempt);
          whenDone();
        });
      this.running.set(attempt, delivery.recipient);
    }
    return hasMore && this.running.size < this.parallel;
  }

  private countByRecipient(): Map<string, number> {
    const counts = new Map<string, number>();
    for (const recipient of this.running.values()) counts.set(recipient, (counts.get(recipient) ?? 0) + 1);
    return counts;
  }

  private async read(ids: readonly string[]): Promise<Array<[Delivery, OutboxEntry]>> {
    if (ids.length === 0) return [];
    return onPrimary(this.dataSource, async (manager) => {
      const deliveries = await manager.findBy(Delivery, { id: In([...ids]) });
      const entries = await manager.findBy(OutboxEntry, { id: In(deliveries.map(({ outboxId }) => outboxId)) });
      return deliveries.map((delivery) => [delivery, entries.find(({ id }) => id === delivery.outboxId)!]);
    });
  }

  private async attempt(delivery: Delivery, entry: OutboxEntry, by: string): Promise<void> {
    const { attempts, sink: name, recipient } = delivery;
    // Attempts whose process died count too
    if (attempts > ATTEMPTS_MAX) {
      this.counts.add(name, 'dead');
      return this.finish(delivery, by, 'dead', delivery.answer);
    }
    try {
      const { state = 'delivered', answer = '' } = (await this.send(delivery, entry)) ?? {};
      await this.finish(delivery, by, state, answer);
      this.counts.add(name, state);
    } catch (error) {
      const [{ isFinal, retryAfterMs }, reason] = [partsOf(error), messageOf(error)];
      const isDead = isFinal || attempts >= ATTEMPTS_MAX;
      this.counts.add(name, isDead ? 'dead' : 'failed');
      const text = `${name}: attempt ${attempts} to tell ${recipient} about revocation ${entry.id} failed`;
      if (isDead) this.logger.error(`${text} and was the last: ${reason}`);
      else this.logger.warn(`${text}: ${reason}`);
      if (isDead) await this.finish(delivery, by, 'dead', reason);
      else await this.repeat(delivery, by, backoff(attempts, retryAfterMs), reason);
    }
  }

  private async send(delivery: Delivery, entry: OutboxEntry): Promise<SendResult | void> {
    const { id, recipient, subject, data, attempts: attempt } = delivery;
    const sink = this.sinks.get(delivery.sink);
    if (!sink) throw new DeliveryError(`this process has no sink '${delivery.sink}'`);
    const stop = new AbortController();
    const sent = sink.send({ id, revocation: revocationOf(entry), recipient, subject, data, attempt }, stop.signal);
    return withinMs(ATTEMPT_MS, `${delivery.sink}.send()`, sent).finally(() => stop.abort());
  }

  private finish({ id }: Delivery, by: string, state: DeliveryState, answer: string): Promise<void> {
    const { now } = sqlDialect(this.dataSource);
    return this.release(`state = ?, due_at = NULL, finished_at = ${now}`, [state], id, by, answer);
  }

  private repeat({ id }: Delivery, by: string, afterMs: number, answer: string): Promise<void> {
    return this.release(`due_at = ${sqlDialect(this.dataSource).now} + ?`, [afterMs], id, by, answer);
  }

  /** No effect after the lease has ended and another process has begun its own attempt. */
  private async release(set: string, values: unknown[], id: string, by: string, answer: string): Promise<void> {
    const update = `UPDATE gtr_delivery SET ${set}, answer = ?, claimed_by = NULL WHERE id = ? AND claimed_by = ?`;
    const parameters = [...values, recordedText(answer, ANSWER_MAX), id, by];
    const once = async (): Promise<unknown> =>
      this.isClosed() || onPrimary(this.dataSource, (manager) => run(manager, update, parameters));
    await patiently(once, LEASE_MS - 2 * ATTEMPT_MS);
  }
}

/** Chooses at most `free`, and not too many of one recipient. At random, because other nodes choose as well. */
function fairShare(due: Candidate[], free: number, busy: Map<string, number>): Candidate[] {
  const chosen = due.map((each) => [Math.random(), each] as const).toSorted(([a], [b]) => a - b);
  return chosen
    .map(([, each]) => each)
    .filter(({ recipient = '' }) => {
      const count = (busy.get(recipient) ?? 0) + 1;
      busy.set(recipient, count);
      return count <= PER_RECIPIENT;
    })
    .slice(0, free);
}

const partsOf = (error: unknown): Pick<DeliveryError, 'isFinal' | 'retryAfterMs'> =>
  error instanceof DeliveryError ? error : { isFinal: false, retryAfterMs: 0 };

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
