import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { type DataSource, type EntityManager, LessThan } from 'typeorm';
import { DatabaseDeadline } from '../../database/deadline.js';
import { deleteSome } from '../../database/delete-some.js';
import { sha256Hex } from '../../database/digest.js';
import { takeRows } from '../../database/hasty-transaction.js';
import { onPrimary } from '../../database/primary.js';
import { isDriverError } from '../../database/driver-errors.js';
import { REVOCATION_DATA_SOURCE } from '../../database/revocation-data-source.js';
import { RevocationError } from '../../revocation.errors.js';
import type { CallerAssertion } from '../caller.js';
import type { DpopProof } from '../access-token/dpop-proof.js';
import { UsedAssertion } from './used-assertion.entity.js';

/**
 * Stores which assertions and proofs were used. An assertion has one effect; repeating the same request repeats nothing. A
 * proof is valid for one request, because its sender can create another.
 *
 * @see RFC 7523 §3, RFC 7519 §4.1.7, RFC 9449 §11.1
 */
@Injectable()
export class UsedAssertions {
  constructor(
    @Inject(REVOCATION_DATA_SOURCE) private readonly dataSource: DataSource,
    @Inject(DatabaseDeadline) private readonly deadline: DatabaseDeadline,
  ) {}

  /**
   * Rejects an assertion that was used with a different body, before anything is looked up for it.
   *
   * @throws RevocationError `assertionReplayed`, `unavailable`
   */
  async refuseOtherBody(assertion: CallerAssertion): Promise<void> {
    await this.deadline.run(() => this.earlierUse(assertion));
  }

  /**
   * Marks an assertion as used, in the transaction of its effect.
   *
   * @throws QueryFailedError of a duplicate key if it is already used; see {@link earlierUse}
   */
  async use(manager: EntityManager, assertion: CallerAssertion, usedBy: string): Promise<void> {
    await insert(manager, [rowOf(assertion, usedBy)]);
  }

  /**
   * Marks several as used, always in the same order, so that two transactions do not wait for each other.
   *
   * @param manager of {@link inHastyTransaction}
   * @throws QueryFailedError of a duplicate key if one is already used
   */
  async useTogether(
    manager: EntityManager,
    used: ReadonlyArray<readonly [CallerAssertion, usedBy: string]>,
  ): Promise<void> {
    const rows = used.map((each) => rowOf(...each)).toSorted((a, b) => (a.assertionHash < b.assertionHash ? -1 : 1));
    const hashes = rows.map(({ assertionHash }) => assertionHash);
    await takeRows(manager, 'gtr_assertion', 'assertion_hash', hashes);
    await insert(manager, rows);
  }

  /**
   * Marks a proof as used, whatever the outcome of the request.
   *
   * @throws RevocationError `dpopProofReplayed` if it is already used, `unavailable`
   * @see RFC 9449 §11.1
   */
  async useProof({ thumbprint, jti, expiresAt }: DpopProof): Promise<void> {
    if (await this.useOnce(keyOf('DPoP', thumbprint, jti), expiresAt)) return;
    throw new RevocationError('dpopProofReplayed', { jti });
  }

  /**
   * Marks an assertion as used for something other than a revocation, such as a token request.
   *
   * @param expiresAt UTC epoch milliseconds
   * @returns false if it is already used
   * @throws RevocationError `unavailable`
   */
  useElsewhere({ expiresAt, ...assertion }: Omit<CallerAssertion, 'bodyHash'>): Promise<boolean> {
    return this.useOnce(assertionKey(assertion), expiresAt);
  }

  /**
   * Returns the id of the record or request that used an assertion, read from the primary; undefined if it is unused.
   *
   * @throws RevocationError `assertionReplayed` if it was used with a different body
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
          await insert(manager, [{ assertionHash, usedBy, expiresAt, bodyHash: '' }]);
          return true;
        } catch (error) {
          if (!isDriverError(error, 'duplicateKey')) throw error;
          // An earlier try of this request may have committed without an answer.
          return manager.existsBy(UsedAssertion, { assertionHash, usedBy });
        }
      }),
    );
  }

  /** Deletes at most `limit` rows that expired before `before` (UTC epoch milliseconds). @returns their number */
  purge(before: number, limit: number): Promise<number> {
    return deleteSome(this.dataSource, UsedAssertion, 'assertionHash', { expiresAt: LessThan(before) }, limit);
  }
}

const keyOf = (...parts: string[]): string => sha256Hex(JSON.stringify(parts));

const assertionKey = ({ issuer, jti }: Pick<CallerAssertion, 'issuer' | 'jti'>): string => keyOf(issuer, jti);

const rowOf = ({ bodyHash, expiresAt, ...assertion }: CallerAssertion, usedBy: string): UsedAssertion => ({
  ...{ bodyHash, usedBy, expiresAt },
  assertionHash: assertionKey(assertion),
});

async function insert(manager: EntityManager, rows: UsedAssertion[]): Promise<void> {
  await manager.createQueryBuilder().insert().into(UsedAssertion).values(rows).updateEntity(false).execute();
}
