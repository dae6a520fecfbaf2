import { type DataSource, type EntityManager, type FindOptionsWhere, In, LessThan } from 'typeorm';
import { deleteSome } from '../database/delete-some.js';
import { onPrimary } from '../database/primary.js';
import { rowsOf } from '../database/statement.js';
import type { Revocation } from '../revocation/revocation.entity.js';
import type { LiveCounts, SweepBatch, SweepTarget } from '../revocation/sweep/revocation-sweep.js';
import { FROM_BEFORE } from '../revocation/live-epoch.js';
import { OidcRecord } from './oidc-record.entity.js';
import { readWhenDead } from './record-model.js';
import { COUNT_LIVE, page, type PageRow } from './record-statements.js';

/** Epoch of dead rows that were counted and kept. No user has it, and no revocation replaces it. */
const COUNTED = -1;

const TOKENS = new Set(['AccessToken', 'RefreshToken']);

const NUMBERS = ['epoch', 'expiresAt', 'consumedAt', 'isDead'] as const;

/** Sweeps the provider's records. @publicApi */
export class RecordSweep implements SweepTarget {
  /** Where the sweep of a revocation of everybody is. */
  private place: { id: string; after: string } | undefined;

  constructor(private readonly dataSource: DataSource) {}

  async count(subjectHash: string): Promise<LiveCounts> {
    const kinds = await onPrimary(this.dataSource, (manager) =>
      rowsOf<{ kind: string; number: number }>(manager, COUNT_LIVE, [subjectHash, Date.now()], ['number']),
    );
    const sum = (isOne: (kind: string) => boolean): number =>
      kinds.filter(({ kind }) => isOne(kind)).reduce((total, { number }) => total + number, 0);
    return { sessions: sum((kind) => kind === 'Session'), tokens: sum((kind) => TOKENS.has(kind)) };
  }

  /**
   * Sweeps the rows with the epoch that this revocation replaced, and those from before the module. Rows that a page may
   * still read remain until they expire; their epoch says that they were counted.
   */
  async sweep(manager: EntityManager, revocation: Revocation, limit: number): Promise<SweepBatch> {
    if (revocation.realm !== '') return this.sweepPage(manager, revocation, limit);
    const { subjectHash, epochBefore } = revocation;
    const epoch = In([epochBefore, FROM_BEFORE]);
    const dead = await manager.find(OidcRecord, { where: { subjectHash, epoch }, take: limit });
    return { ...(await end(manager, revocation, dead, { subjectHash, epoch })), isDone: dead.length < limit };
  }

  /**
   * Sweeps what is dead among the next rows of all users, in the order of their keys, and goes on to the next ones only when nothing is:
   * a transaction that fails is repeated. Only this process knows how far it is, and another one begins again.
   */
  private async sweepPage(manager: EntityManager, revocation: Revocation, limit: number): Promise<SweepBatch> {
    const { id } = revocation;
    const after = this.place?.id === id ? this.place.after : '';
    const rows = await rowsOf<PageRow>(manager, page(limit), [COUNTED, after], NUMBERS);
    const dead = rows.filter(({ isDead }) => isDead === 1);
    const counts = await end(manager, revocation, dead, { epoch: In(dead.map(({ epoch }) => epoch!)) });
    if (dead.length === 0) this.place = { id, after: rows.at(-1)?.idHash ?? after };
    return { ...counts, isDone: dead.length === 0 && rows.length < limit };
  }

  purge(before: number, limit: number): Promise<number> {
    return deleteSome(this.dataSource, OidcRecord, 'idHash', { expiresAt: LessThan(before) }, limit);
  }
}

type Dead = Pick<OidcRecord, 'idHash' | 'kind' | 'expiresAt' | 'consumedAt'>;

/** Deletes and counts dead rows. @param where condition that those have to meet still which are kept */
async function end(
  manager: EntityManager,
  { createdAt }: Revocation,
  dead: readonly Dead[],
  where: FindOptionsWhere<OidcRecord>,
): Promise<Omit<SweepBatch, 'isDone'>> {
  const now = Date.now();
  const kept = dead.filter((row) => readWhenDead.has(row.kind) && row.expiresAt !== null && row.expiresAt > now);
  const gone = dead.filter((row) => !kept.includes(row));
  if (kept.length > 0) await manager.update(OidcRecord, { ...where, ...these(kept) }, { epoch: COUNTED });
  if (gone.length > 0) await manager.delete(OidcRecord, these(gone));
  const wasAlive = dead.filter(
    ({ consumedAt, expiresAt }) => consumedAt === null && (expiresAt === null || expiresAt > createdAt),
  );
  return {
    sessions: wasAlive.filter(({ kind }) => kind === 'Session').length,
    tokens: wasAlive.filter(({ kind }) => TOKENS.has(kind)).length,
  };
}

const these = (some: readonly Dead[]) => ({ idHash: In(some.map(({ idHash }) => idHash)) });
