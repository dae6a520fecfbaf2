import { Inject, Injectable, Logger } from '@nestjs/common';
import type { DataSource, EntityManager } from 'typeorm';
import { onPrimary } from '../../database/primary.js';
import { REVOCATION_DATA_SOURCE } from '../../database/revocation-data-source.js';
import { GLOBAL_REVOCATION_OPTIONS, type ResolvedOptions } from '../../options/global-revocation.options.js';
import { type Ended, HostTarget, type Place, type TargetBatch } from './host-target.js';
import { type HostTargetPlan, planTarget } from './host-target-plan.js';
import { type Bounds, boundOf, boundsOf, foreignNames } from './bounds.js';
import { isOfNamedRealm } from '../realm.js';
import type { Revocation } from '../revocation.entity.js';

/** Columns of the record about the host's tables. */
export type BegunTargets = Pick<Revocation, 'sessions' | 'tokens' | 'targetBounds' | 'targetsLeft'>;

/** The resolved option. */
interface Planned {
  targets: HostTarget[];
  findings: Error[];
}

/** Result of one batch of the tables of this process. */
interface SweptTargets {
  sessions: number;
  tokens: number;
  /** Whether the next batch may end other rows: this one ended some, or passed over live ones. */
  hasMore: boolean;
  isDone: boolean;
  /** Whether the record names a table that only other processes declare, which have to finish it. */
  isForeign: boolean;
}

/** Tables of the host whose rows end with their user, in the order of the option `targets`. */
@Injectable()
export class RevocationTargets {
  /** Called when rows may be left that need an immediate sweep. */
  whenLeft: () => void = () => {};

  private readonly logger = new Logger(RevocationTargets.name);
  private readonly unknown = new Set<string>();
  /** Where the sweep of a revocation of everybody is, with the id of its record. */
  private readonly places = new Map<HostTarget, Place & { id: string }>();
  private planned?: Planned;

  constructor(
    @Inject(REVOCATION_DATA_SOURCE) private readonly dataSource: DataSource,
    @Inject(GLOBAL_REVOCATION_OPTIONS) private readonly options: Pick<ResolvedOptions, 'targets' | 'users'>,
  ) {}

  /** Errors in the option, each with its position. While there are any, no user can be revoked. */
  get findings(): readonly Error[] {
    return this.plan.findings;
  }

  /** Whether {@link begin} reads or changes rows. */
  get areInTransaction(): boolean {
    return this.withoutEpochColumn.length > 0;
  }

  get withoutEpochColumn(): string[] {
    return this.plan.targets.filter(({ hasEpochColumn }) => !hasEpochColumn).map(({ name }) => name);
  }

  /** Names of the declared tables, as records name them. */
  get names(): string[] {
    return this.plan.targets.map(({ name }) => name);
  }

  get plans(): HostTargetPlan[] {
    return this.plan.targets.map(({ plan }) => plan);
  }

  /**
   * Runs in the revocation's transaction: stores for each table up to which row it will be swept, and ends one batch
   * across all of them. Rows with an epoch are already dead and left to the sweeper. Every declared table is named, so that a
   * process that declares more can tell which are missing.
   */
  async begin(manager: EntityManager, ended: Ended): Promise<BegunTargets> {
    const bounds: Bounds = {};
    const counts = { sessions: 0, tokens: 0 };
    let room = Infinity;
    let isLeft = false;
    for (const target of this.targets) {
      const bound = (bounds[target.name] = await boundOf(target, manager, ended.subject));
      if (bound === null || target.hasEpochColumn) continue;
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

  /** Called after the commit. @param begun undefined if an earlier try committed */
  committed(begun: BegunTargets | undefined): void {
    if (this.targets.length > 0 && begun?.targetsLeft !== 0) this.whenLeft();
  }

  /**
   * Ends the next batch of each table, in a transaction.
   *
   * @param withDead whether to sweep rows with an epoch too
   */
  async sweep(manager: EntityManager, revocation: Revocation, withDead: boolean): Promise<SweptTargets> {
    const bounds = boundsOf(revocation);
    const sum: SweptTargets = {
      sessions: 0,
      tokens: 0,
      hasMore: false,
      isDone: true,
      isForeign: this.isForeign(bounds),
    };
    for (const target of this.targets) {
      const { batch, counts } = target.plan;
      const bound = bounds[target.name] ?? undefined;
      if (target.hasEpochColumn ? !withDead : bound === undefined) continue;
      const done = target.hasEpochColumn
        ? await this.endDead(target, manager, revocation)
        : await target.endUpTo(bound!, manager, revocation, batch);
      sum[counts] += done.rows;
      sum.hasMore ||= done.rows > 0 || done.hasPassed === true;
      sum.isDone &&= done.isDone;
    }
    return sum;
  }

  /** Ends rows with an epoch, of the user or of everybody. */
  private endDead(target: HostTarget, manager: EntityManager, revocation: Revocation): Promise<TargetBatch> {
    const { id, realm, epochBefore } = revocation;
    const { batch } = target.plan;
    if (realm === '') return target.endDead(epochBefore, manager, revocation, batch);
    if (this.places.get(target)?.id !== id) this.places.set(target, { id });
    return target.endDeadOfAll(this.places.get(target)!, manager, revocation, batch);
  }

  /**
   * Adds the tables that a process with fewer targets did not know to its record. Runs in a transaction. Rows of a sign-in since
   * the revocation end too, because nobody noted which rows there were.
   *
   * @returns the columns to change; undefined if none is missing
   */
  async adopt(
    manager: EntityManager,
    revocation: Revocation,
  ): Promise<Pick<Revocation, 'targetBounds' | 'targetsLeft'> | undefined> {
    const bounds = boundsOf(revocation);
    const isKnown = ({ name, hasEpochColumn }: HostTarget): boolean =>
      name in bounds || (isOfNamedRealm(revocation) && !hasEpochColumn); // nothing in a row shows its realm
    const missing = this.targets.filter((target) => !isKnown(target));
    if (missing.length === 0) return undefined;
    for (const target of missing) bounds[target.name] = await boundOf(target, manager, revocation.subject);
    this.warnOnce(
      missing.map(({ name }) => name),
      (name) =>
        `a process revoked a user without ${name}, which is a target here, so this process ends the rows: declare the same \`targets\` in every process`,
    );
    return { targetBounds: JSON.stringify(bounds), targetsLeft: 1 };
  }

  /** Returns how many rows of each table a revocation would end. */
  count(subject: string): Promise<Record<string, number>> {
    return onPrimary(this.dataSource, async (manager) => {
      const counts = this.targets.map(async (target) => [target.name, await target.count(manager, subject)] as const);
      return Object.fromEntries(await Promise.all(counts));
    });
  }

  /** Returns whether the bounds name a table that only other processes declare; those finish it. */
  private isForeign(bounds: Bounds): boolean {
    const foreign = foreignNames(bounds, this.names);
    this.warnOnce(
      foreign,
      (name) => `a revocation ended rows of ${name}, which is not a target of this node: other nodes must finish it`,
    );
    return foreign.length > 0;
  }

  private warnOnce(names: readonly string[], message: (name: string) => string): void {
    for (const name of names.filter((each) => !this.unknown.has(each))) {
      this.unknown.add(name);
      this.logger.warn(message(name));
    }
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
        if (names.has(target.name)) throw new Error(`the table ${target.name} is already a target`);
        names.add(target.name);
        planned.targets.push(target);
      } catch (error) {
        planned.findings.push(new Error(`targets[${i}]: ${(error as Error).message}`, { cause: error }));
      }
    }
    return planned;
  }
}
