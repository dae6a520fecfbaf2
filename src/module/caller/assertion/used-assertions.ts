import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { type DataSource, type EntityManager, In, LessThan } from 'typeorm';
import { DatabaseDeadline } from '../../database/deadline.js';
import { sha256Hex } from '../../database/digest.js';
import { onPrimary } from '../../database/primary.js';
import { isDriverError } from '../../database/driver-errors.js';
import { RevocationError } from '../../revocation.errors.js';
import type { CallerAssertion } from '../caller.js';
import type { DpopProof } from '../access-token/dpop-proof.js';
import { UsedAssertion } from './used-assertion.entity.js';

/**
 * Remembers which assertions had their effect. One has exactly one; the same request again is the same effect. A proof is good
 * for one request, because whoever can make one can make another.
 *
 * @see RFC 7523 §3, RFC 7519 §4.1.7, RFC 9449 §11.1
 */
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
    await insert(manager, { assertionHash: assertionKey(assertion), bodyHash, usedBy, expiresAt });
  }

  /**
   * Uses a proof up, whatever comes of its request.
   *
   * @throws RevocationError `dpopProofReplayed` when it was used before, `unavailable`
   * @see RFC 9449 §11.1
   */
  async useProof({ thumbprint, jti, expiresAt }: DpopProof): Promise<void> {
    if (await this.useOnce(keyOf('DPoP', thumbprint, jti), expiresAt)) return;
    throw new RevocationError('dpopProofReplayed', { jti });
  }

  /**
   * Uses an assertion up for something else than a revocation, such as a token: then it is good for no revocation.
   *
   * @param expiresAt UTC epoch milliseconds
   * @returns false when it was used before
   * @throws RevocationError `unavailable`
   */
  useElsewhere({ expiresAt, ...assertion }: Omit<CallerAssertion, 'bodyHash'>): Promise<boolean> {
    return this.useOnce(assertionKey(assertion), expiresAt);
  }

  /**
   * What an assertion was used by, read from the primary.
   *
   * @returns undefined when it was not used
   * @throws RevocationError `assertionReplayed` when it was used with another body
   */
  async earlierUse(assertion: CallerAssertion): Promise<string | undefined> {
    const key = { assertionHash: assertionKey(assertion) };
    const used = await onPrimary(this.dataSource, (manager) => manager.findOneBy(UsedAssertion, key));
    if (used && used.bodyHash !== assertion.bodyHash) {
      throw new RevocationError('assertionReplayed', { jti: assertion.jti });
    }
    return used?.usedBy;
  }

  /** @returns whether this was the first use */
  private useOnce(assertionHash: string, expiresAt: number): Promise<boolean> {
    const usedBy = randomUUID();
    return this.deadline.run(() =>
      onPrimary(this.dataSource, async (manager) => {
        try {
          await insert(manager, { assertionHash, usedBy, expiresAt, bodyHash: '' });
          return true;
        } catch (error) {
          if (!isDriverError(error, 'duplicateKey')) throw error;
          // An earlier try of this request may have got no answer.
          return manager.existsBy(UsedAssertion, { assertionHash, usedBy });
        }
      }),
    );
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

const keyOf = (...parts: string[]): string => sha256Hex(JSON.stringify(parts));

const assertionKey = ({ issuer, jti }: Pick<CallerAssertion, 'issuer' | 'jti'>): string => keyOf(issuer, jti);

async function insert(manager: EntityManager, row: UsedAssertion): Promise<void> {
  await manager.createQueryBuilder().insert().into(UsedAssertion).values(row).updateEntity(false).execute();
}
