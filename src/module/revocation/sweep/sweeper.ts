import { setTimeout as sleep } from 'node:timers/promises';
import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type BeforeApplicationShutdown,
} from '@nestjs/common';
import type { DataSource, EntityManager } from 'typeorm';
import { ChangeRefusal } from '../../audit/operator-changes.js';
import { UsedAssertions } from '../../caller/assertion/used-assertions.js';
import { REVOCATION_DATA_SOURCE } from '../../database/revocation-data-source.js';
import { GLOBAL_REVOCATION_OPTIONS, type ResolvedOptions } from '../../options/global-revocation.options.js';
import { Alarm } from './alarm.js';
import { pruneRecords } from './record-retention.js';
import { type Due, type LiveCounts, RevocationSweep, type SweepBacklog, type SweepTarget } from './revocation-sweep.js';
import { closeTarget } from '../targets/closed-target.js';
import { RevocationTargets } from '../targets/revocation-targets.js';
import { subjectKey } from '../subject-epochs.js';

/** Requests in progress at the revocation have ended after this time, so that what they stored is counted. */
const GRACE_MS = 30_000;
/** How long expired rows are kept, so that the sweep counts them first. */
const EXPIRED_MS = 3_600_000;
const BATCH = 500;
/** Before this process started, or swept last: so long ago may be what it has not looked at. Clocks may differ, and nodes restart. */
const LOOK_BACK_MS = 3_600_000;
/** Pause between batches, which leaves the database to others. */
const PAUSE_MS = 20;

/**
 * Deletes in small batches, never in a request, what revocations have ended. Rows with an epoch are dead without it, so
 * it only frees space and counts them; rows of the host without an epoch end here. Each batch is one transaction with
 * its counts and marker, so the process may be killed at any time. Revocations that another sweeper works on are
 * skipped.
 *
 * @publicApi
 */
@Injectable()
export class Sweeper implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly targets: SweepTarget[] = [];
  private readonly revocations: RevocationSweep;
  private readonly logger = new Logger(Sweeper.name);
  private isStopping = false;
  private adoptedUntil = Date.now();
  private readonly alarm = new Alarm();
  private running: Promise<void> = Promise.resolve();

  constructor(
    @Inject(REVOCATION_DATA_SOURCE) private readonly dataSource: DataSource,
    @Inject(GLOBAL_REVOCATION_OPTIONS) private readonly options: ResolvedOptions,
    @Inject(UsedAssertions) private readonly assertions: UsedAssertions,
    @Inject(RevocationTargets) private readonly hostTables: RevocationTargets,
  ) {
    this.revocations = new RevocationSweep(dataSource, hostTables, this.targets);
  }

  /**
   * Returns what a revocation of this user would end, from all tables.
   *
   * @param subject canonical account id
   * @throws Error of the driver if a table cannot be read
   */
  async count(subject: string): Promise<LiveCounts> {
    const own = await Promise.all(this.targets.map((target) => target.count(subjectKey(subject))));
    return Object.assign({}, ...own, await this.hostTables.count(subject)) as LiveCounts;
  }

  /** Returns the incomplete revocations. @throws Error of the driver if the records cannot be read */
  backlog(): Promise<SweepBacklog> {
    return this.revocations.backlog();
  }

  /**
   * Completes revocations that wait for a table that no process declares any more, with the next sweep. Rows that are left in
   * it stay live.
   *
   * @param manager of a transaction
   * @param table name as in the records
   * @returns number of revocations that waited for it
   * @throws ChangeRefusal if this process declares the table as a target
   */
  close(manager: EntityManager, table: string): Promise<number> {
    if (this.hostTables.names.includes(table))
      throw new ChangeRefusal('conflict', `${table} is a target: remove it from the option \`targets\` first`);
    return closeTarget(manager, table);
  }

  /** Adds a table to sweep. @param target rows that end with their user */
  add(target: SweepTarget): void {
    this.targets.push(target);
  }

  /** Starts, unless the option `sweepIntervalMs` is 0. */
  onApplicationBootstrap(): void {
    const { sweepIntervalMs } = this.options;
    if (sweepIntervalMs === 0) return;
    this.hostTables.whenLeft = () => this.alarm.ring();
    this.running = this.keepSweeping(sweepIntervalMs);
  }

  /** Before the database is closed. */
  async beforeApplicationShutdown(): Promise<void> {
    this.isStopping = true;
    this.alarm.ring();
    await this.running;
  }

  /**
   * Sweeps everything that is due.
   *
   * @param graceMs age in milliseconds at which a revocation is swept
   * @throws AggregateError of all failed revocations, after all others were swept
   */
  async sweep(graceMs = GRACE_MS): Promise<void> {
    const failures = [...(await this.adopt()), ...(await this.sweepRevocations(graceMs))];
    for (const target of [...this.targets, this.assertions]) {
      await this.untilDone(() => target.purge(Date.now() - EXPIRED_MS, BATCH));
    }
    await this.untilDone(() => pruneRecords(this.dataSource, this.options.recordRetentionDays, BATCH));
    if (failures.length > 0) throw new AggregateError(failures, failures.map(String).join('; '));
  }

  /** Takes over what processes with fewer targets began. */
  private async adopt(): Promise<unknown[]> {
    const now = Date.now();
    try {
      if (await this.revocations.adopt(this.adoptedUntil - LOOK_BACK_MS)) this.adoptedUntil = now;
      return [];
    } catch (error) {
      return [error];
    }
  }

  /**
   * Continues with the next revocation if one fails or is locked. Those of everybody take long: those of users come before each
   * batch.
   */
  private async sweepRevocations(graceMs: number): Promise<unknown[]> {
    const failures: unknown[] = [];
    const after: { user?: Due; everybody?: Due } = {};
    while (!this.isStopping) {
      const user = await this.revocations.due(graceMs, after.user);
      const due = user ?? (await this.revocations.due(graceMs, after.everybody, true));
      if (!due) break;
      const hasMore = await this.revocations.advance(due, graceMs).catch((error: unknown) => {
        failures.push(error);
        return false;
      });
      if (!hasMore) after[user ? 'user' : 'everybody'] = due;
      await this.pause();
    }
    return failures;
  }

  /** Repeats until a batch is not full, because the number of rows is unbounded; a stop waits for one batch. */
  private async untilDone(batch: () => Promise<number>): Promise<void> {
    while (!this.isStopping && (await batch()) === BATCH) await this.pause();
  }

  private async keepSweeping(intervalMs: number): Promise<void> {
    while (!this.isStopping) {
      await this.sweep().catch((error: unknown) => this.logger.warn(`sweep failed, will try again: ${String(error)}`));
      await this.alarm.wait(intervalMs * (0.5 + Math.random()));
    }
  }

  private pause(): Promise<void> {
    return sleep(PAUSE_MS, undefined, { ref: false });
  }
}
