import { type DataSource, In, LessThan } from 'typeorm';
import { inTransaction } from '../database/primary.js';
import { run } from '../database/statement.js';
import { EndedSession } from '../inbound-logout/ended-session.entity.js';
import type { LiveCounts, SweepBatch, SweepTarget } from '../revocation/sweep/revocation-sweep.js';
import { endLasting } from './record-statements.js';

const DAY_MS = 86_400_000;

/**
 * Forgets upstream sessions that ended so many days ago. What came from them would be live again: records that never expire, such as
 * registration tokens, are deleted first, and all others must have expired before.
 */
export class EndedSessionSweep implements SweepTarget {
  /** @param days how long they are kept; 0 means forever */
  constructor(
    private readonly dataSource: DataSource,
    private readonly days: number,
  ) {}

  /** A session does not end with a user. */
  count(): Promise<LiveCounts> {
    return Promise.resolve({});
  }

  sweep(): Promise<SweepBatch> {
    return Promise.resolve({ sessions: 0, tokens: 0, isDone: true });
  }

  /** Forgets at most about `limit` sessions. @returns their number */
  async purge(_before: number, limit: number): Promise<number> {
    if (this.days === 0) return 0;
    const endedAt = LessThan(Date.now() - this.days * DAY_MS);
    return inTransaction(this.dataSource, async (manager) => {
      const old = await manager.find(EndedSession, { where: { endedAt }, take: limit });
      if (old.length === 0) return 0;
      const keys = [...new Set(old.map(({ upstreamHash }) => upstreamHash))];
      await run(manager, endLasting(keys.length), keys);
      await manager.delete(EndedSession, { upstreamHash: In(keys), endedAt });
      return old.length;
    });
  }
}
