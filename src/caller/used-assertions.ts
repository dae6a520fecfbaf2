import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { type DataSource, type EntityManager, In, LessThan } from 'typeorm';
import { DatabaseDeadline } from '../database/deadline.js';
import { sha256Hex } from '../database/digest.js';
import { onPrimary } from '../database/primary.js';
import { RevocationError } from '../revocation.errors.js';
import type { CallerAssertion } from './caller.js';
import { UsedAssertion } from './used-assertion.entity.js';

/** Remembers which assertions had their effect. One has exactly one; the same request again is the same effect. */
@Injectable()
export class UsedAssertions {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    @Inject(DatabaseDeadline) private readonly deadline: DatabaseDeadline,
  ) {}

  /**
   * Refuses an assertion that was used with another body, before anything is looked up for it.
   *
   * @throws RevocationError `assertionReplayed`, `unavailable`
   */
  async refuseOtherBody(assertion: CallerAssertion): Promise<void> {
    await this.deadline.run(() => this.earlierUse(assertion));
  }

  /**
   * Uses an assertion up, in the transaction of its effect.
   *
   * @throws QueryFailedError of a duplicate key when it was used before; {@link earlierUse} says how
   */
  async use(manager: EntityManager, { bodyHash, expiresAt, ...assertion }: CallerAssertion, usedBy: string) {
    const row = { assertionHash: keyOf(assertion), bodyHash, usedBy, expiresAt };
    await manager.createQueryBuilder().insert().into(UsedAssertion).values(row).updateEntity(false).execute();
  }

  /**
   * What an assertion was used by, read from the primary.
   *
   * @returns undefined when it was not used
   * @throws RevocationError `assertionReplayed` when it was used with another body
   */
  async earlierUse(assertion: CallerAssertion): Promise<string | undefined> {
    const key = { assertionHash: keyOf(assertion) };
    const used = await onPrimary(this.dataSource, (manager) => manager.findOneBy(UsedAssertion, key));
    if (used && used.bodyHash !== assertion.bodyHash) {
      throw new RevocationError('assertionReplayed', { jti: assertion.jti });
    }
    return used?.usedBy;
  }

  /** Forgets at most `limit` that expired before `before`, UTC epoch milliseconds. @returns how many */
  async purge(before: number, limit: number): Promise<number> {
    return onPrimary(this.dataSource, async (manager) => {
      const where = { expiresAt: LessThan(before) };
      const expired = await manager.find(UsedAssertion, { select: { assertionHash: true }, where, take: limit });
      const hashes = expired.map((row) => row.assertionHash);
      if (hashes.length > 0) await manager.delete(UsedAssertion, { assertionHash: In(hashes) });
      return hashes.length;
    });
  }
}

const keyOf = ({ issuer, jti }: Pick<CallerAssertion, 'issuer' | 'jti'>): string =>
  sha256Hex(JSON.stringify([issuer, jti]));
