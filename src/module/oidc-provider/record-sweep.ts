import { type DataSource, type EntityManager, In, LessThan, type Repository } from 'typeorm';
import { onPrimary } from '../database/primary.js';
import { rowsOf } from '../database/statement.js';
import type { Revocation } from '../revocation/revocation.entity.js';
import type { LiveCounts, SweepBatch, SweepTarget } from '../revocation/sweep/revocation-sweep.js';
import { FROM_BEFORE } from '../revocation/live-epoch.js';
import { OidcRecord } from './oidc-record.entity.js';
import { readWhenDead } from './record-model.js';
import { COUNT_LIVE } from './record-statements.js';

/** Epoch of dead rows that were counted and kept. No user has it, and no revocation replaces it. */
const COUNTED = -1;

const TOKENS = new Set(['AccessToken', 'RefreshToken']);

/** Sweeps the provider's records. @publicApi */
export class RecordSweep implements SweepTarget {
  constructor(private readonly dataSource: DataSource) {}

  async count(subjectHash: string): Promise<LiveCounts> {
    const kinds = await onPrimary(this.dataSource, (manager) =>
      rowsOf<{ kind: string; number: string | number }>(manager, COUNT_LIVE, [subjectHash, Date.now()]),
    );
    const sum = (isOne: (kind: string) => boolean): number =>
      kinds.filter(({ kind }) => isOne(kind)).reduce((total, { number }) => total + Number(number), 0);
    return { sessions: sum((kind) => kind === 'Session'), tokens: sum((kind) => TOKENS.has(kind)) };
  }

  /**
   * Sweeps the rows with the epoch that this revocation replaced, and those from before the module. Rows that a page may
   * still read remain until they expire; their epoch says that they were counted.
   */
  async sweep(manager: EntityManager, revocation: Revocation, limit: number): Promise<SweepBatch> {
    const rows = manager.getRepository(OidcRecord);
    const { subjectHash, epochBefore } = revocation;
    const epoch = In([epochBefore, FROM_BEFORE]);
    const now = Date.now();
    const dead = await rows.find({ where: { subjectHash, epoch }, take: limit });
    const kept = dead.filter((row) => readWhenDead.has(row.kind) && row.expiresAt !== null && row.expiresAt > now);
    if (kept.length > 0) await rows.update({ subjectHash, epoch, ...these(kept) }, { epoch: COUNTED });
    const garbage = dead.filter((row) => !kept.includes(row));
    await remove(rows, garbage);
    const wasAlive = dead.filter(
      ({ consumedAt, expiresAt }) => consumedAt === null && (expiresAt === null || expiresAt > revocation.createdAt),
    );
    return {
      sessions: wasAlive.filter(({ kind }) => kind === 'Session').length,
      tokens: wasAlive.filter(({ kind }) => TOKENS.has(kind)).length,
      isDone: dead.length < limit,
    };
  }

  async purge(before: number, limit: number): Promise<number> {
    // Reads the primary: a row that looks expired on a replica may have been extended.
    return onPrimary(this.dataSource, async (manager) => {
      const rows = manager.getRepository(OidcRecord);
      const where = { expiresAt: LessThan(before) };
      const expired = await rows.find({ select: { idHash: true }, where, take: limit });
      await remove(rows, expired);
      return expired.length;
    });
  }
}

type Some = ReadonlyArray<Pick<OidcRecord, 'idHash'>>;

const these = (some: Some) => ({ idHash: In(some.map(({ idHash }) => idHash)) });

async function remove(rows: Repository<OidcRecord>, some: Some): Promise<void> {
  if (some.length > 0) await rows.delete(these(some));
}
