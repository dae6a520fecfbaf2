import { setTimeout as sleep } from 'node:timers/promises';
import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { REVOCATION_DATA_SOURCE } from '../database/revocation-data-source.js';
import { GLOBAL_REVOCATION_OPTIONS, type ResolvedOptions } from '../options/global-revocation.options.js';
import { Alarm } from '../revocation/sweep/alarm.js';
import { AttemptCounts } from './attempt-counts.js';
import { Attempts } from './attempts.js';
import { Expansion } from './expansion.js';
import { MarkedRevocations } from './marked-revocations.js';
import { pruneNotifications } from './notification-retention.js';
import { NotificationSinks } from './notification-sinks.js';
import { Outbox } from './outbox.js';

/** Longest wait for attempts at shutdown, in milliseconds. Others repeat them when their leases have ended. */
const SHUTDOWN_MS = 5000;
/** Pause before more of the same, which leaves the database to others. */
const PAUSE_MS = 10;
/** Wait after an error of the database. */
const FAILED_MS = 10_000;
const PRUNE_EVERY_MS = 600_000;
const PRUNE_BATCH = 500;

/**
 * Tells recipients about revocations, in the background. Any number of processes share the work; each may be killed at any
 * time.
 */
@Injectable()
export class DeliveryJob implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('Notifications');
  /** Rings when there is something to expand. */
  private readonly moved = new Alarm();
  private isStopping = false;
  private isClosed = false;
  private prunedAt = -Infinity;
  private running: Promise<unknown> = Promise.resolve();
  private attempts?: Attempts;

  constructor(
    @Inject(REVOCATION_DATA_SOURCE) private readonly dataSource: DataSource,
    @Inject(GLOBAL_REVOCATION_OPTIONS) private readonly options: Pick<ResolvedOptions, 'notifications'>,
    @Inject(NotificationSinks) private readonly sinks: NotificationSinks,
    @Inject(Outbox) private readonly outbox: Outbox,
    @Inject(AttemptCounts) private readonly counts: AttemptCounts,
  ) {}

  /** Starts, unless no sink is configured or {@link Notifications.intervalMs} is 0. */
  onApplicationBootstrap(): void {
    const { intervalMs, parallel, sinks } = this.options.notifications;
    if (sinks.length === 0 || intervalMs === 0) return;
    const { byName } = this.sinks;
    const isClosed = (): boolean => this.isClosed;
    const marked = new MarkedRevocations(this.dataSource, isClosed);
    const expansion = new Expansion(this.dataSource, byName, isClosed);
    const attempts = (this.attempts = new Attempts(this.dataSource, byName, parallel, isClosed, this.counts));
    const move = async (): Promise<boolean> => {
      const isMore = await marked.move();
      if (isMore) this.moved.ring();
      return isMore;
    };
    const expand = async (): Promise<boolean> => {
      const isMore = await expansion.advance();
      if (isMore) this.outbox.deliveries.ring();
      return isMore || this.prune();
    };
    this.running = Promise.all([
      this.keep(this.outbox.alarm, move),
      this.keep(this.moved, expand),
      this.keep(this.outbox.deliveries, () => attempts.begin(() => this.outbox.deliveries.ring())),
    ]);
  }

  /** Before the database is closed. */
  async beforeApplicationShutdown(): Promise<void> {
    this.isStopping = true;
    for (const alarm of [this.outbox.alarm, this.moved, this.outbox.deliveries]) alarm.ring();
    const done = this.running.then(() => this.attempts?.underWay);
    await Promise.race([done, sleep(SHUTDOWN_MS)]);
    this.isClosed = true;
  }

  private async prune(): Promise<boolean> {
    if (performance.now() - this.prunedAt < PRUNE_EVERY_MS) return false;
    if (await pruneNotifications(this.dataSource, PRUNE_BATCH)) return true;
    this.prunedAt = performance.now();
    return false;
  }

  /** Repeats some work, with a wait whenever nothing is left of it. */
  private async keep(alarm: Alarm, work: () => Promise<boolean>): Promise<void> {
    const { intervalMs } = this.options.notifications;
    while (!this.isStopping) {
      try {
        if (await work()) await sleep(PAUSE_MS, undefined, { ref: false });
        else await alarm.wait(intervalMs * (0.5 + Math.random()));
      } catch (error) {
        this.logger.warn(`notifications are late, will try again: ${String(error)}`);
        await alarm.wait(FAILED_MS);
      }
    }
  }
}
