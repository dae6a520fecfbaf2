import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource, EntityManager } from 'typeorm';
import type { CallerAssertion } from '../caller/caller.js';
import { UsedAssertions } from '../caller/assertion/used-assertions.js';
import { DatabaseDeadline } from '../database/deadline.js';
import { isDriverError } from '../database/driver-errors.js';
import { RevocationError } from '../revocation.errors.js';
import type { RevocationEvent } from '../options/revocation-listener.js';
import { inSpan } from '../http/tracing.js';
import { insertRevocation } from './revocation-insert.js';
import { RevocationListeners } from './revocation-listeners.js';
import { type BegunTargets, RevocationTargets } from './targets/revocation-targets.js';
import { accountIdError, SubjectEpochs, subjectKey } from './subject-epochs.js';

/** Details of a revocation, stored in the {@link Revocation} record. @publicApi */
export interface RevocationContext {
  /** Who revokes: a client id, an operator or a component of the host. At most 255 characters. */
  actor: string;
  /** Reason, for example `password changed`. At most 255 characters. */
  reason?: string;
  /** How the actor authenticated. @default 'in_process' */
  method?: string;
  /** Key or secret that the actor authenticated with. @default '' */
  keyId?: string;
  /** `format` of the identifier that named the user. */
  format?: string;
  /** Keyed hash of the identifier, see {@link IdentifierHash}. @default '' */
  identifierHash?: string;
  /** How many users the identifier matched. @default 1 */
  matched?: number;
  /** Client address. @default '' */
  sourceIp?: string;
  /** Assertion that authenticated the actor; marked as used in the same transaction. */
  assertion?: CallerAssertion | undefined;
  /** Request id, as in the log. At most 64 characters. @default '' */
  requestId?: string;
}

const SUBJECT_MAX = 255;

/** Revokes everything of a user. @see draft-parecki-oauth-global-token-revocation-06 §3.3, §4, §A.3 @publicApi */
@Injectable()
export class RevocationService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    @Inject(SubjectEpochs) private readonly epochs: SubjectEpochs,
    @Inject(DatabaseDeadline) private readonly deadline: DatabaseDeadline,
    @Inject(UsedAssertions) private readonly assertions: UsedAssertions,
    @Inject(RevocationTargets) private readonly targets: RevocationTargets,
    @Inject(RevocationListeners) private readonly listeners: RevocationListeners,
  ) {}

  /**
   * Ends all tokens and sessions of a user: in one transaction, raises the epoch, starts with the tables of
   * {@link GlobalRevocationOptions.targets} and writes the record. The transaction is committed when the promise
   * resolves. The cost does not depend on the number of tokens.
   *
   * @param subject canonical account id (`sub`), 1 to 255 characters
   * @returns id of the {@link Revocation} record; of the earlier one if the assertion was already used with the same
   *   body
   * @throws RevocationError `notRevocable` for an invalid subject, `assertionReplayed` if the assertion was already
   *   used with a different body, any error of a {@link RevocationListener}, or `unavailable` if the database does not
   *   answer. In that case the revocation may have taken effect; calling again is safe
   */
  async revoke(subject: string, context: RevocationContext): Promise<string> {
    const cause = accountIdError(subject);
    if (cause) throw new RevocationError('notRevocable', { cause, details: cause.message });
    if (subject.length > SUBJECT_MAX) throw new RevocationError('notRevocable');
    const event: RevocationEvent = {
      id: randomUUID(),
      subject,
      actor: context.actor.slice(0, SUBJECT_MAX),
      method: context.method ?? 'in_process',
      keyId: (context.keyId ?? '').slice(0, SUBJECT_MAX),
      format: context.format ?? '',
      identifierHash: context.identifierHash ?? '',
      matched: context.matched ?? 1,
      sourceIp: context.sourceIp ?? '',
      requestId: context.requestId ?? '',
      reason: (context.reason ?? '').slice(0, SUBJECT_MAX),
      createdAt: Date.now(),
    };
    return inSpan('gtr.revoke', () => this.commit(event, context));
  }

  private commit(event: RevocationEvent, context: RevocationContext): Promise<string> {
    return this.deadline.run(async () => {
      let begun: BegunTargets | undefined;
      try {
        begun = await this.dataSource.transaction((manager) => this.write(manager, event, context));
      } catch (error) {
        const doneBy = error instanceof AlreadyDone && (await this.doneBy(event, context));
        if (!doneBy) throw error;
        if (doneBy !== event.id) return doneBy;
      }
      this.targets.committed(begun);
      this.listeners.afterCommit(event);
      return event.id;
    });
  }

  /** The steps of a revocation, in one transaction. */
  private async write(
    manager: EntityManager,
    event: RevocationEvent,
    { assertion }: RevocationContext,
  ): Promise<BegunTargets> {
    if (assertion) await unlessDone(this.assertions.use(manager, assertion, event.id));
    await this.epochs.raise(manager, event.subject);
    const begun = await this.targets.begin(manager, event);
    await unlessDone(this.record(manager, event, begun));
    await this.listeners.inTransaction(event, manager);
    return begun;
  }

  private record(manager: EntityManager, event: RevocationEvent, begun: BegunTargets): Promise<void> {
    return insertRevocation(manager, { ...event, ...begun, subjectHash: subjectKey(event.subject), completedAt: null });
  }

  /**
   * Returns the id of the earlier record: of the same assertion, or of an earlier try whose COMMIT got no answer. If
   * the record exists, the epoch was raised with it.
   */
  private async doneBy({ id }: RevocationEvent, { assertion }: RevocationContext): Promise<string | undefined> {
    return assertion ? this.assertions.earlierUse(assertion) : id;
  }
}

/** Thrown if the unique key of a step shows that it is already done. */
class AlreadyDone extends Error {}

/** Applies to this step only: a duplicate key in another table of the transaction is a real error. */
const unlessDone = (step: Promise<void>): Promise<void> =>
  step.catch((cause: unknown) => {
    throw isDriverError(cause, 'duplicateKey') ? new AlreadyDone('done before', { cause }) : cause;
  });
