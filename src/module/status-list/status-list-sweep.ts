import { Inject, Injectable } from '@nestjs/common';
import { type DataSource, In, LessThan } from 'typeorm';
import { onPrimary } from '../database/primary.js';
import { REVOCATION_DATA_SOURCE } from '../database/revocation-data-source.js';
import { GLOBAL_REVOCATION_OPTIONS, type ResolvedOptions } from '../options/global-revocation.options.js';
import type { LiveCounts, SweepBatch, SweepTarget } from '../revocation/sweep/revocation-sweep.js';
import { Sweeper } from '../revocation/sweep/sweeper.js';
import { StatusIndex } from './status-index.entity.js';
import { StatusList } from './status-list.entity.js';

/** Drops expired lists. A revocation ends nothing here: the bits follow from the epochs. */
@Injectable()
export class StatusListSweep implements SweepTarget {
  constructor(
    @Inject(REVOCATION_DATA_SOURCE) private readonly dataSource: DataSource,
    @Inject(Sweeper) sweeper: Sweeper,
    @Inject(GLOBAL_REVOCATION_OPTIONS) { statusLists }: ResolvedOptions,
  ) {
    if (statusLists) sweeper.add(this);
  }

  count(): Promise<LiveCounts> {
    return Promise.resolve({});
  }

  sweep(): Promise<SweepBatch> {
    return Promise.resolve({ sessions: 0, tokens: 0, isDone: true });
  }

  /** Deletes indexes of an expired list, which is not served any more, and the list after its last index. */
  purge(before: number, limit: number): Promise<number> {
    return onPrimary(this.dataSource, async (manager) => {
      const list = await manager.findOne(StatusList, {
        where: { expiresAt: LessThan(before) },
        order: { ordinal: 'ASC' },
      });
      if (!list) return 0;
      const indexes = await manager.find(StatusIndex, {
        select: { idx: true },
        where: { listId: list.id },
        take: limit,
      });
      if (indexes.length > 0)
        await manager.delete(StatusIndex, { listId: list.id, idx: In(indexes.map(({ idx }) => idx)) });
      if (indexes.length < limit) await manager.delete(StatusList, list.id);
      return indexes.length;
    });
  }
}
