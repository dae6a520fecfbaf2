import type { DataSource, EntityManager } from 'typeorm';
import { onPrimary } from '../../database/primary.js';
import { Revocation } from '../revocation.entity.js';
import type { RevocationTargets } from '../targets/revocation-targets.js';

/** What one batch did. @publicApi */
export interface SweepBatch {
  /** Sessions it deleted. */
  sessions: number;
  /** Tokens it deleted. */
  tokens: number;
  /** Nothing of this revocation is left. */
  isDone: boolean;
}

/** What of a user is live, by what it is: `sessions`, `tokens`, or the name of a host's table. @publicApi */
export type LiveCounts = Readonly<Record<string, number>>;

/** A table of ours whose rows end with their user. @publicApi */
export interface SweepTarget {
  /** What a revocation of this user would end now. @param subjectHash SHA-256 of the account id, lower-case hex */
  count(subjectHash: string): Promise<LiveCounts>;
  /** Deletes at most `limit` rows that this revocation ended, and says what they were. Runs in a transaction. */
  sweep(manager: EntityManager, revocation: Revocation, limit: number): Promise<SweepBatch>;
  /** Deletes at most `limit` rows that expired before `before`, UTC epoch milliseconds. @returns how many */
  purge(before: number, limit: number): Promise<number>;
}

/** Revocations that are not complete. @publicApi */
export interface SweepBacklog {
  /** How many revocations are not complete. */
  revocations: number;
  /** When the oldest of them was made, UTC epoch milliseconds; undefined when there is none. */
  oldestAt: number | undefined;
}

/** A revocation that is due, and its place in the order. */
export type Due = Pick<Revocation, 'id' | 'createdAt'>;

const BATCH = 500;

const BACKLOG =
  'SELECT COUNT(*) AS revocations, MIN(created_at) AS oldestAt FROM gtr_revocation WHERE completed_at IS NULL';

/** As a driver returns it. */
interface Backlog {
  revocations: string | number;
  oldestAt: string | number | null;
}

/** Takes revocations that are not complete one batch further. */
export class RevocationSweep {
  constructor(
    private readonly dataSource: DataSource,
    private readonly hostTables: RevocationTargets,
    private readonly ownTables: readonly SweepTarget[],
  ) {}

  /**
   * The oldest revocation that is due, read without a lock: a lock on the index would hold up new ones. Those of one user
   * follow one another, so that each counts what it ended.
   *
   * @param graceMs age in milliseconds from which it is swept whole; rows left in the host's tables are due at once
   * @param after where to go on in the order
   */
  due(graceMs: number, after: Due | undefined): Promise<Due | undefined> {
    return onPrimary(this.dataSource, (manager) => dueOne(manager, graceMs, after));
  }

  /** What is not complete yet. */
  async backlog(): Promise<SweepBacklog> {
    const [row] = await onPrimary(this.dataSource, (manager) => manager.query<Backlog[]>(BACKLOG));
    const { revocations, oldestAt } = row!;
    return { revocations: Number(revocations), oldestAt: oldestAt === null ? undefined : Number(oldestAt) };
  }

  /**
   * One batch of each table, its counts and its mark, in one transaction.
   *
   * @returns whether there is more to do for it now; not while somebody else works on it or on its rows
   */
  advance({ id }: Due, graceMs: number): Promise<boolean> {
    return this.dataSource.transaction(async (manager) => {
      const revocation = await lockFree(manager, id);
      if (!revocation || revocation.completedAt !== null) return false;
      const isOld = revocation.createdAt <= Date.now() - graceMs;
      const host = await this.hostTables.sweep(manager, revocation, isOld);
      const own: SweepBatch[] = [];
      for (const table of isOld ? this.ownTables : []) own.push(await table.sweep(manager, revocation, BATCH));
      const isOwnDone = own.every(({ isDone }) => isDone);
      const isDone = host.isDone && isOwnDone;
      await manager.update(Revocation, id, {
        sessions: own.reduce((sum, { sessions }) => sum + sessions, revocation.sessions + host.sessions),
        tokens: own.reduce((sum, { tokens }) => sum + tokens, revocation.tokens + host.tokens),
        targetsLeft: Number(!host.isDone),
        ...(isDone && isOld && { completedAt: Date.now() }),
      });
      return !isDone && (host.rows > 0 || !isOwnDone);
    });
  }
}

/** Locks the record, by its key; undefined while another sweeper has it. */
function lockFree(manager: EntityManager, id: string): Promise<Revocation | null> {
  const isSqlite = manager.dataSource.options.type === 'better-sqlite3'; // one transaction at a time: nothing to lock
  const lock = { lock: { mode: 'pessimistic_write', onLocked: 'skip_locked' } } as const;
  return manager.findOne(Revocation, { where: { id }, ...(!isSqlite && lock) });
}

async function dueOne(manager: EntityManager, graceMs: number, after: Due | undefined): Promise<Due | undefined> {
  const due = manager.createQueryBuilder(Revocation, 'r').select(['r.id', 'r.createdAt']);
  const older = due
    .subQuery()
    .select('1')
    .from(Revocation, 'o')
    .where('o.subjectHash = r.subjectHash AND o.completedAt IS NULL AND o.epochAfter < r.epochAfter');
  due
    .where('r.completedAt IS NULL AND (r.createdAt <= :old OR r.targetsLeft = 1)', { old: Date.now() - graceMs })
    .andWhere(`NOT EXISTS ${older.getQuery()}`)
    .orderBy('r.createdAt')
    .addOrderBy('r.id')
    .limit(1);
  if (after)
    due.andWhere('(r.createdAt > :at OR (r.createdAt = :at AND r.id > :id))', { at: after.createdAt, id: after.id });
  return (await due.getOne()) ?? undefined;
}
