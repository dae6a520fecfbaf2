import { Inject, Injectable } from '@nestjs/common';
import { type DataSource, IsNull, LessThan, Not } from 'typeorm';
import { deleteSome } from '../../database/delete-some.js';
import { REVOCATION_DATA_SOURCE } from '../../database/revocation-data-source.js';
import { GLOBAL_REVOCATION_OPTIONS, type ResolvedOptions } from '../../options/global-revocation.options.js';
import { Revocation } from '../revocation.entity.js';

const DAY_MS = 86_400_000;

/** Deletes records after the configured retention, once they are complete and in the outbox. Never deletes an epoch. */
@Injectable()
export class RecordRetention {
  constructor(
    @Inject(REVOCATION_DATA_SOURCE) private readonly dataSource: DataSource,
    @Inject(GLOBAL_REVOCATION_OPTIONS) private readonly options: Pick<ResolvedOptions, 'recordRetentionDays'>,
  ) {}

  /** Deletes at most `limit` expired, completed records. @returns their number */
  async prune(limit: number): Promise<number> {
    const { recordRetentionDays } = this.options;
    if (recordRetentionDays === 0) return 0;
    const createdAt = LessThan(Date.now() - recordRetentionDays * DAY_MS);
    const where = { createdAt, completedAt: Not(IsNull()), toNotify: IsNull() };
    return deleteSome(this.dataSource, Revocation, 'id', where, limit);
  }
}
