import { Inject, Injectable, Logger } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource, EntityManager } from 'typeorm';
import { onPrimary } from '../../database/primary.js';
import { GLOBAL_REVOCATION_OPTIONS, type ResolvedOptions } from '../../options/global-revocation.options.js';
import { type Ended, HostTarget } from './host-target.js';
import { type HostTargetPlan, planTarget } from './host-target-plan.js';
import type { Revocation } from '../revocation.entity.js';

/** What a revocation has begun in the host's tables: columns of its record. */
export type BegunTargets = Pick<Revocation, 'sessions' | 'tokens' | 'targetBounds' | 'targetsLeft'>;

/** What one batch in the host's tables did. */
export interface TargetsBatch {
  sessions: number;
  tokens: number;
  /** Rows that were ended. */
  rows: number;
  isDone: boolean;
}

/** The option, read. */
interface Planned {
  targets: HostTarget[];
  findings: Error[];
}

/** Up to which row each table is cleared, by name. */
type Bounds = Record<string, string>;

/** The tables of the host whose rows end with their user, in the order of the option `targets`. */
@Injectable()
export class RevocationTargets {
  /** Called when there may be rows to sweep at once. */
  whenLeft: () => void = () => {};

  private readonly logger = new Logger(RevocationTargets.name);
  private readonly unknown = new Set<string>();
  private planned?: Planned;

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    @Inject(GLOBAL_REVOCATION_OPTIONS) private readonly options: Pick<ResolvedOptions, 'targets' | 'users'>,
  ) {}

  /** What is wrong with the option, each with its place in it; while there is anything, nobody can be revoked. */
  get findings(): readonly Error[] {
    return this.plan.findings;
  }

  /** The targets that can be carried out, in their order. */
  get plans(): HostTargetPlan[] {
    return this.plan.targets.map(({ plan }) => plan);
  }

  /**
   * In the revocation's transaction: remembers for each table up to which row it is to be cleared, and does one batch, for
   * all of them together. Rows with an epoch are dead anyway, and are left to the sweeper.
   */
  async begin(manager: EntityManager, ended: Ended): Promise<BegunTargets> {
    const bounds: Bounds = {};
    const counts = { sessions: 0, tokens: 0 };
    let room = Infinity;
    let isLeft = false;
    for (const target of this.targets.filter(({ hasEpochColumn }) => !hasEpochColumn)) {
      const bound = await target.bound(manager, ended.subject);
      if (bound === undefined) continue;
      bounds[target.name] = bound;
      const { batch, counts: what } = target.plan;
      const limit = Math.min(batch, room);
      const done = limit > 0 ? await target.endUpTo(bound, manager, ended, limit) : { rows: 0, isDone: false };
      counts[what] += done.rows;
      room = limit - done.rows;
      isLeft ||= !done.isDone;
    }
    const targetBounds = Object.keys(bounds).length === 0 ? null : JSON.stringify(bounds);
    return { ...counts, targetBounds, targetsLeft: Number(isLeft) };
  }

  /** What was begun is committed. @param begun undefined: in an earlier try */
  committed(begun: BegunTargets | undefined): void {
    if (this.targets.length > 0 && begun?.targetsLeft !== 0) this.whenLeft();
  }

  /**
   * The next batch of each table, in a transaction.
   *
   * @param withDead whether rows with an epoch are cleared away too
   */
  async sweep(manager: EntityManager, revocation: Revocation, withDead: boolean): Promise<TargetsBatch> {
    const bounds = JSON.parse(revocation.targetBounds ?? '{}') as Bounds;
    const sum: TargetsBatch = { sessions: 0, tokens: 0, rows: 0, isDone: !this.isForeign(bounds) };
    for (const target of this.targets) {
      const { batch, counts } = target.plan;
      const bound = bounds[target.name];
      if (target.hasEpochColumn ? !withDead : bound === undefined) continue;
      const done = target.hasEpochColumn
        ? await target.endDead(revocation.epochBefore, manager, revocation, batch)
        : await target.endUpTo(bound!, manager, revocation, batch);
      sum[counts] += done.rows;
      sum.rows += done.rows;
      sum.isDone &&= done.isDone;
    }
    return sum;
  }

  /** How many rows of each table a revocation would end now. */
  count(subject: string): Promise<Record<string, number>> {
    return onPrimary(this.dataSource, async (manager) => {
      const counts = this.targets.map(async (target) => [target.name, await target.count(manager, subject)] as const);
      return Object.fromEntries(await Promise.all(counts));
    });
  }

  /** Whether a table is named that only other nodes declare: they finish it. */
  private isForeign(bounds: Bounds): boolean {
    const foreign = Object.keys(bounds).filter((name) => this.targets.every((target) => target.name !== name));
    for (const name of foreign.filter((each) => !this.unknown.has(each))) {
      this.unknown.add(name);
      this.logger.warn(`a revocation has begun in ${name}, which is no target here: left to the nodes that declare it`);
    }
    return foreign.length > 0;
  }

  /** @throws Error that names all {@link findings} */
  private get targets(): HostTarget[] {
    const { targets, findings } = this.plan;
    if (findings.length === 0) return targets;
    const all = findings.map(({ message }) => message).join('\n');
    throw new Error(`GlobalRevocationModule: ${all}`, { cause: findings[0] });
  }

  private get plan(): Planned {
    return (this.planned ??= this.read());
  }

  private read(): Planned {
    const names = new Set<string>();
    const planned: Planned = { targets: [], findings: [] };
    for (const [i, option] of this.options.targets.entries()) {
      try {
        const target = new HostTarget(this.dataSource, planTarget(this.dataSource, option, this.options.users));
        if (names.has(target.name)) throw new Error(`the table ${target.name} is a target already`);
        names.add(target.name);
        planned.targets.push(target);
      } catch (error) {
        planned.findings.push(new Error(`targets[${i}]: ${(error as Error).message}`, { cause: error }));
      }
    }
    return planned;
  }
}
