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

/** What is known about why a user is revoked; kept in the {@link Revocation} record. @publicApi */
export interface RevocationContext {
  /** Who asks: client id, operator or name of the host's own component. At most 255 characters. */
  actor: string;
  /** Why, e.g. `password changed`. At most 255 characters. */
  reason?: string;
  /** How the actor authenticated. @default 'in_process' */
  method?: string;
  /** Which of its keys or secrets the actor authenticated with. @default '' */
  keyId?: string;
  /** `format` of the identifier that named the user. */
  format?: string;
  /** Keyed hash of the identifier, see {@link IdentifierHash}. @default '' */
  identifierHash?: string;
  /** How many users the identifier matched. @default 1 */
  matched?: number;
  /** Address the request came from. @default '' */
  sourceIp?: string;
  /** The assertion the actor authenticated with; used up in the same transaction. */
  assertion?: CallerAssertion | undefined;
  /** Id of the request, to find it in the log. At most 64 characters. @default '' */
  requestId?: string;
}

const SUBJECT_MAX = 255;

/** Ends everything a user has. @see draft-parecki-oauth-global-token-revocation-06 §3.3, §4, §A.3 @publicApi */
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
   * Ends all tokens and sessions of a user: raises the epoch, begins in the tables of {@link GlobalRevocationOptions.targets}
   * and writes the record in one transaction. When the promise resolves, it is committed; the cost does not depend on how
   * much the user has.
   *
   * @param subject canonical account id (`sub`), 1 to 255 characters
   * @returns id of the {@link Revocation} record; of the earlier one when the assertion was used before with the same body
   * @throws RevocationError `notRevocable` for an impossible subject, `assertionReplayed` when the assertion was used before
   *   with another body, what a {@link RevocationListener} refused with, or `unavailable` when the database does not answer;
   *   the revocation may have happened then, and calling again is safe
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

  /** What a revocation does, in this order, in one transaction. */
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
   * The record of what was done before: for the same request with the same assertion, or in an earlier try. Then the COMMIT
   * was answered to nobody; the record is there, so the epoch was raised with it.
   */
  private async doneBy({ id }: RevocationEvent, { assertion }: RevocationContext): Promise<string | undefined> {
    return assertion ? this.assertions.earlierUse(assertion) : id;
  }
}

/** The unique key of a step says that it is done. */
class AlreadyDone extends Error {}

/** Of this step alone: a key of another table that refuses a row in the same transaction says nothing of the kind. */
const unlessDone = (step: Promise<void>): Promise<void> =>
  step.catch((cause: unknown) => {
    throw isDriverError(cause, 'duplicateKey') ? new AlreadyDone('done before', { cause }) : cause;
  });
