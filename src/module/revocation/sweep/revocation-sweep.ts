import { type DataSource, type EntityManager, IsNull, LessThan, Not } from 'typeorm';
import { inTransaction, onPrimary } from '../../database/primary.js';
import { forUpdateOfFree, isPostgres } from '../../database/sql-dialect.js';
import { rowsOf } from '../../database/statement.js';
import { Revocation } from '../revocation.entity.js';
import type { RevocationTargets } from '../targets/revocation-targets.js';

/** Result of one batch. @publicApi */
export interface SweepBatch {
  /** Deleted sessions. */
  sessions: number;
  /** Deleted tokens. */
  tokens: number;
  /** Whether nothing of this revocation is left. */
  isDone: boolean;
}

/** Number of live credentials of a user by kind: `sessions`, `tokens`, or the name of a host's table. @publicApi */
export type LiveCounts = Readonly<Record<string, number>>;

/** One of the module's tables whose rows end with their user. @publicApi */
export interface SweepTarget {
  /** Returns what a revocation of this user would end. @param subjectHash SHA-256 of the account id, lower-case hex */
  count(subjectHash: string): Promise<LiveCounts>;
  /** Deletes and counts at most `limit` rows that this revocation ended. Runs in a transaction. */
  sweep(manager: EntityManager, revocation: Revocation, limit: number): Promise<SweepBatch>;
  /** Deletes at most `limit` rows that expired before `before` (UTC epoch milliseconds). @returns their number */
  purge(before: number, limit: number): Promise<number>;
}

/** Incomplete revocations. @publicApi */
export interface SweepBacklog {
  /** Number of incomplete revocations. */
  revocations: number;
  /** Creation time of the oldest, UTC epoch milliseconds; undefined if there is none. */
  oldestAt: number | undefined;
}

/** A due revocation, and its place in the order. */
export type Due = Pick<Revocation, 'id' | 'createdAt' | 'toNotify'>;

const BATCH = 500;
/** Revocations that are read to find the next one that no earlier one of the same user holds back. */
const PAGE = 50;

/** Value of `targetsLeft` if only tables that other processes declare are left: it holds back no later revocation. */
const FOREIGN = 2;

/** PostgreSQL uses the index for it only if the column that is null comes first, and the others only if it does not. */
const ORDER = { 'r.createdAt': 'ASC', 'r.id': 'ASC' } as const;

const BACKLOG =
  'SELECT COUNT(*) AS revocations, MIN(created_at) AS "oldestAt" FROM gtr_revocation WHERE completed_at IS NULL';

/** Sweeps incomplete revocations, one batch at a time. */
export class RevocationSweep {
  constructor(
    private readonly dataSource: DataSource,
    private readonly hostTables: RevocationTargets,
    private readonly ownTables: readonly SweepTarget[],
  ) {}

  /**
   * Returns the oldest due revocation, read without a lock, because a lock on the index would block new ones.
   * Revocations of one user are swept in order, so that each counts what it ended.
   *
   * @param graceMs age in milliseconds at which a revocation is due; rows left in the host's tables are due immediately
   * @param after revocation to continue after
   * @param ofEverybody whether to look for revocations of everybody, otherwise of users
   */
  due(graceMs: number, after: Due | undefined, ofEverybody = false): Promise<Due | undefined> {
    return onPrimary(this.dataSource, async (manager) => {
      for (let last = after; ;) {
        const page = await this.page(manager, graceMs, last, ofEverybody);
        for (const revocation of page) if (!(await isHeldBack(manager, revocation))) return revocation;
        if (page.length < PAGE) return undefined;
        last = page.at(-1);
      }
    });
  }

  /** The next incomplete revocations that are old enough, in order of their creation. */
  private page(
    manager: EntityManager,
    graceMs: number,
    after: Due | undefined,
    ofEverybody: boolean,
  ): Promise<Revocation[]> {
    const old = Date.now() - graceMs;
    const page = manager
      .createQueryBuilder(Revocation, 'r')
      .select(['r.id', 'r.createdAt', 'r.toNotify', 'r.subjectHash', 'r.epochAfter'])
      .where(`r.completedAt IS NULL AND r.realm ${ofEverybody ? '<>' : '='} ''`)
      // Without tables of the host, no younger record is due, so none need be read.
      .andWhere(`(r.createdAt <= :old${this.hostTables.names.length > 0 ? ' OR r.targetsLeft = 1' : ''})`, { old })
      .orderBy(isPostgres(this.dataSource) ? { 'r.completedAt': 'ASC', ...ORDER } : ORDER)
      .limit(PAGE);
    // The first condition is for databases that find no range of an index in the second.
    if (after)
      page.andWhere('r.createdAt >= :at AND (r.createdAt > :at OR r.id > :id)', { at: after.createdAt, id: after.id });
    return page.getMany();
  }

  /**
   * Takes over revocations that processes with fewer targets began, even if those have completed them.
   *
   * @param since creation time of the oldest to look at, UTC epoch milliseconds
   * @returns whether none is left
   */
  async adopt(since: number): Promise<boolean> {
    const { names } = this.hostTables;
    if (names.length === 0) return true;
    const begun = await onPrimary(this.dataSource, (manager) => begunWithout(manager, names, since));
    for (const id of begun) {
      await inTransaction(this.dataSource, async (manager) => {
        const revocation = await lockFree(manager, id);
        const more = revocation && (await this.hostTables.adopt(manager, revocation));
        if (more) await manager.update(Revocation, id, { ...more, completedAt: null });
      });
    }
    return begun.length < BATCH;
  }

  async backlog(): Promise<SweepBacklog> {
    type Row = { revocations: number; oldestAt: number | null };
    const [row] = await onPrimary(this.dataSource, (manager) =>
      rowsOf<Row>(manager, BACKLOG, [], ['revocations', 'oldestAt']),
    );
    return { revocations: row!.revocations, oldestAt: row!.oldestAt ?? undefined };
  }

  /**
   * Sweeps one batch of each table and updates counts and marker, in one transaction.
   *
   * @returns whether more can be done now; false while another process works on the revocation or its rows
   */
  advance({ id, toNotify }: Due, graceMs: number): Promise<boolean> {
    return inTransaction(this.dataSource, async (manager) => {
      const revocation = await lockFree(manager, id);
      if (!revocation) return toNotify !== null; // held for a moment only, by who moves it to the outbox
      if (revocation.completedAt !== null) return false;
      const isOld = revocation.createdAt <= Date.now() - graceMs;
      const host = await this.hostTables.sweep(manager, revocation, isOld);
      const own: SweepBatch[] = [];
      for (const table of isOld ? this.ownTables : []) own.push(await table.sweep(manager, revocation, BATCH));
      const isOwnDone = own.every(({ isDone }) => isDone);
      const isDone = host.isDone && isOwnDone && !host.isForeign;
      const waits = host.isDone && isOwnDone && isOld;
      await manager.update(Revocation, id, {
        sessions: own.reduce((sum, { sessions }) => sum + sessions, revocation.sessions + host.sessions),
        tokens: own.reduce((sum, { tokens }) => sum + tokens, revocation.tokens + host.tokens),
        targetsLeft: host.isDone && !host.isForeign ? 0 : waits ? FOREIGN : 1,
        ...(isDone && isOld && { completedAt: Date.now() }),
      });
      return !isDone && (host.hasMore || !isOwnDone);
    });
  }
}

/** Whether an earlier revocation of the same user is incomplete. */
const isHeldBack = (manager: EntityManager, { subjectHash, epochAfter }: Revocation): Promise<boolean> =>
  manager.existsBy(Revocation, {
    subjectHash,
    completedAt: IsNull(),
    epochAfter: LessThan(epochAfter),
    targetsLeft: Not(FOREIGN),
  });

/** Locks the record by its key; returns null while another sweeper holds it. */
const lockFree = (manager: EntityManager, id: string): Promise<Revocation | null> =>
  manager.findOne(Revocation, { where: { id }, ...forUpdateOfFree(manager) });

/** Records that do not name all these tables. */
async function begunWithout(manager: EntityManager, names: readonly string[], since: number): Promise<string[]> {
  const named = names.map((_, i) => `r.targetBounds LIKE :name${i} ESCAPE '!'`).join(' AND ');
  const found = await manager
    .createQueryBuilder(Revocation, 'r')
    .select('r.id')
    .where('r.createdAt >= :since', { since })
    .andWhere(`(r.targetBounds IS NULL OR NOT (${named}))`)
    .setParameters(Object.fromEntries(names.map((name, i) => [`name${i}`, `%${escaped(`${JSON.stringify(name)}:`)}%`])))
    .limit(BATCH)
    .getMany();
  return found.map(({ id }) => id);
}

const escaped = (text: string): string => text.replaceAll(/[!%_]/g, '!$&');
