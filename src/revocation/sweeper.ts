import { setTimeout as sleep } from 'node:timers/promises';
import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type BeforeApplicationShutdown,
} from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { type DataSource, type EntityManager, IsNull, LessThan } from 'typeorm';
import { UsedAssertions } from '../caller/used-assertions.js';
import { GLOBAL_REVOCATION_OPTIONS, type GlobalRevocationOptions } from '../global-revocation.options.js';
import { RecordRetention } from './record-retention.js';
import { Revocation } from './revocation.entity.js';
import { subjectKey } from './subject-epochs.js';

/** What one batch did. */
export interface SweepBatch {
  sessions: number;
  tokens: number;
  /** Nothing of this revocation is left. */
  isDone: boolean;
}

/** What of a user is live, by what it is: `sessions`, `tokens`, or the name of a host's table. */
export type LiveCounts = Readonly<Record<string, number>>;

/** A table whose rows end with their user. */
export interface SweepTarget {
  /** What a revocation of this user would end now. @param subjectHash {@link subjectKey} of the account id */
  count(subjectHash: string): Promise<LiveCounts>;
  /** Deletes at most `limit` rows that this revocation ended, and says what they were. Runs in a transaction. */
  sweep(manager: EntityManager, revocation: Revocation, limit: number): Promise<SweepBatch>;
  /** Deletes at most `limit` rows that expired before `before`, UTC epoch milliseconds. @returns how many */
  purge(before: number, limit: number): Promise<number>;
}

/** Requests that were under way when a user was revoked have ended by then, and what they stored is counted. */
const GRACE_MS = 30_000;
/** Expired rows are kept so long: a revocation that ended them has been swept before. */
const EXPIRED_MS = 3_600_000;
const BATCH = 500;
/** Between two batches, so that others get the database. */
const PAUSE_MS = 20;

/**
 * Clears away what revocations ended, in small batches and never in a request. Rows are dead without it: it only saves
 * space and counts. A batch, its counts and its mark are one transaction, so it may be killed anywhere; a revocation that
 * another sweeper works on is left to it.
 */
@Injectable()
export class Sweeper implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly targets: SweepTarget[] = [];
  private readonly logger = new Logger(Sweeper.name);
  private readonly stopping = new AbortController();
  private running: Promise<void> = Promise.resolve();

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    @Inject(GLOBAL_REVOCATION_OPTIONS) private readonly options: GlobalRevocationOptions,
    @Inject(UsedAssertions) private readonly assertions: UsedAssertions,
    @Inject(RecordRetention) private readonly retention: RecordRetention,
  ) {}

  /** What a revocation of this user would end now, in all tables. @param subject canonical account id */
  async count(subject: string): Promise<LiveCounts> {
    const counts = await Promise.all(this.targets.map((target) => target.count(subjectKey(subject))));
    return Object.assign({}, ...counts) as LiveCounts;
  }

  /** Sweeps this table too. */
  add(target: SweepTarget): void {
    this.targets.push(target);
  }

  onApplicationBootstrap(): void {
    const { sweepIntervalMs = 10_000 } = this.options;
    if (sweepIntervalMs > 0) this.running = this.keepSweeping(sweepIntervalMs);
  }

  /** Before the database is closed. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  /**
   * Clears everything there is to clear.
   *
   * @param graceMs age of a revocation in milliseconds from which it is swept
   */
  async sweep(graceMs = GRACE_MS): Promise<void> {
    while (await this.sweepNext(graceMs)) await this.pause();
    for (const target of [...this.targets, this.assertions]) {
      while ((await target.purge(Date.now() - EXPIRED_MS, BATCH)) === BATCH) await this.pause();
    }
    while ((await this.retention.prune(BATCH)) === BATCH) await this.pause();
  }

  /** One batch of the oldest revocation that nobody else works on. @returns false when there is none */
  private sweepNext(graceMs: number): Promise<boolean> {
    return this.dataSource.transaction(async (manager) => {
      const isSqlite = manager.dataSource.options.type === 'better-sqlite3'; // one transaction at a time: nothing to lock
      const revocation = await manager.findOne(Revocation, {
        where: { completedAt: IsNull(), createdAt: LessThan(Date.now() - graceMs + 1) },
        order: { createdAt: 'ASC' },
        ...(!isSqlite && { lock: { mode: 'pessimistic_write', onLocked: 'skip_locked' } }),
      });
      if (!revocation || this.stopping.signal.aborted) return false;
      const batches = [];
      for (const target of this.targets) batches.push(await target.sweep(manager, revocation, BATCH));
      await manager.update(Revocation, revocation.id, {
        sessions: batches.reduce((sum, { sessions }) => sum + sessions, revocation.sessions),
        tokens: batches.reduce((sum, { tokens }) => sum + tokens, revocation.tokens),
        ...(batches.every(({ isDone }) => isDone) && { completedAt: Date.now() }),
      });
      return true;
    });
  }

  private async keepSweeping(intervalMs: number): Promise<void> {
    while (!this.stopping.signal.aborted) {
      await this.sweep().catch((error: unknown) => this.logger.warn(`will try again: ${String(error)}`));
      await this.pause(intervalMs * (0.5 + Math.random()));
    }
  }

  private async pause(ms = PAUSE_MS): Promise<void> {
    await sleep(ms, undefined, { signal: this.stopping.signal, ref: false }).catch(() => {});
  }
}
