import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type BeforeApplicationShutdown, Inject, Injectable } from '@nestjs/common';
import type { DataSource, EntityManager } from 'typeorm';
import { UsedAssertions } from '../caller/assertion/used-assertions.js';
import { GroupCommit } from '../database/group-commit.js';
import { DatabaseDeadline } from '../database/deadline.js';
import { isDriverError } from '../database/driver-errors.js';
import { inTransaction, onPrimary } from '../database/primary.js';
import { recordedTexts } from '../database/recorded-text.js';
import { expectOutside } from '../database/surrounding-transaction.js';
import { REVOCATION_DATA_SOURCE } from '../database/revocation-data-source.js';
import { RevocationError } from '../revocation.errors.js';
import { EVERYBODY_REALM, type RevocationEvent } from '../options/revocation-listener.js';
import { Outbox } from '../notifications/outbox.js';
import { sourceAddress } from '../http/source-address.js';
import { inSpan } from '../http/tracing.js';
import { ALL_SUBJECTS } from './live-epoch.js';
import { epochsOfOnly, type EpochValues } from './epoch-columns.js';
import { canonicalRealm, isOfNamedRealm, keyOfEvent, moveTo, raiseRealm } from './realm.js';
import type { RealmRevocationContext, RevocationContext } from './revocation-context.js';
import { insertRevocations } from './revocation-insert.js';
import { Revocation } from './revocation.entity.js';
import { RevocationListeners } from './revocation-listeners.js';
import { type SharedRevocation, writeTogether } from './shared-revocations.js';
import { type BegunTargets, RevocationTargets } from './targets/revocation-targets.js';
import { accountIdError, SubjectEpochs } from './subject-epochs.js';

const SUBJECT_MAX = 255;
/** Longest wait for revocations at shutdown, in milliseconds. */
const SHUTDOWN_MS = 5000;
/** Largest number that the column holds. */
const MATCHED_MAX = 2 ** 31 - 1;

/** The user who is named, or the realm, and further matching users. */
type Events = readonly [RevocationEvent, ...RevocationEvent[]];

/** Revokes all tokens and sessions of a user. @see draft-parecki-oauth-global-token-revocation-06 §3.3, §4, §A.3 @publicApi */
@Injectable()
export class RevocationService implements BeforeApplicationShutdown {
  private readonly shared = new GroupCommit<SharedRevocation, BegunTargets[]>(async (members) => {
    const { assertions, targets, outbox } = this;
    const begun = await writeTogether(this.dataSource, { assertions, targets, outbox }, members);
    return begun.map((each) => [each]);
  });

  constructor(
    @Inject(REVOCATION_DATA_SOURCE) private readonly dataSource: DataSource,
    @Inject(SubjectEpochs) private readonly epochs: SubjectEpochs,
    @Inject(DatabaseDeadline) private readonly deadline: DatabaseDeadline,
    @Inject(UsedAssertions) private readonly assertions: UsedAssertions,
    @Inject(RevocationTargets) private readonly targets: RevocationTargets,
    @Inject(RevocationListeners) private readonly listeners: RevocationListeners,
    @Inject(Outbox) private readonly outbox: Outbox,
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
    const first = this.eventOf(subject, context, context.recordId);
    const more = (context.deleted ?? []).map((each) => this.eventOf(each, context));
    return inSpan('gtr.revoke', () => this.commit([first, ...more], context));
  }

  /**
   * Ends all tokens and sessions of all users. Raises the epoch that all users share, which is a single row, instead of the epoch of each
   * user. Otherwise it works like {@link revoke}, with one record and one event, which name the realm `everybody` instead of a user. For each target
   * without {@link RevocationTarget.epochColumn}, it reads the highest order value of the table: create an index on the order column.
   *
   * @returns id of the {@link Revocation} record
   * @throws RevocationError any error of a {@link RevocationListener}, or `unavailable` if the database does not answer. In that
   *   case the revocation may have taken effect; calling again is safe
   */
  async revokeEverybody(context: RealmRevocationContext): Promise<string> {
    return this.commitRealm(EVERYBODY_REALM, context);
  }

  /**
   * Ends all tokens and sessions of all users who are known to belong to a realm, such as a tenant: from a sign-in
   * ({@link Realms.epochForSignIn}) or from {@link Realms.place}. Works like {@link revokeEverybody}: it raises the epoch of the realm, and
   * record and event name the realm instead of a user. A realm without users is not an error.
   *
   * @param realm name, as in {@link Realms.epochForSignIn}
   * @returns id of the {@link Revocation} record
   * @throws RevocationError `notRevocable` if a target has no {@link RevocationTarget.epochColumn}: without an epoch, nothing in a
   *   row shows that its realm was revoked; any error of a {@link RevocationListener}; or `unavailable`, as in {@link revokeEverybody}
   * @throws TypeError for an invalid name
   */
  async revokeRealm(realm: string, context: RealmRevocationContext): Promise<string> {
    const name = canonicalRealm(realm);
    const tables = this.targets.withoutEpochColumn;
    if (tables.length > 0) {
      const details = `a realm cannot be revoked while a target has no epochColumn: add one to ${tables.join(', ')}`;
      throw new RevocationError('notRevocable', { details });
    }
    return this.commitRealm(name, context);
  }

  /** Before the database is closed. */
  async beforeApplicationShutdown(): Promise<void> {
    await Promise.race([this.shared.settled(), sleep(SHUTDOWN_MS, undefined, { ref: false })]);
  }

  private eventOf(subject: string, context: RevocationContext, id?: string): RevocationEvent {
    const cause = accountIdError(subject);
    if (cause) throw new RevocationError('notRevocable', { cause, details: cause.message });
    if (subject.length > SUBJECT_MAX) throw new RevocationError('notRevocable');
    return this.newEvent(subject, context, id);
  }

  private newEvent(subject: string, context: RevocationContext, id: string = randomUUID()): RevocationEvent {
    return {
      id,
      subject,
      realm: '',
      ...recordedTexts(this.dataSource.getMetadata(Revocation), {
        actor: context.actor,
        method: context.method ?? 'in_process',
        keyId: context.keyId ?? '',
        format: context.format ?? '',
        identifierHash: context.identifierHash ?? '',
        sourceIp: sourceAddress(context.sourceIp),
        requestId: context.requestId ?? '',
        reason: context.reason ?? '',
      }),
      matched: Number.isSafeInteger(context.matched) ? Math.min(context.matched!, MATCHED_MAX) : 1,
      createdAt: Date.now(),
    };
  }

  private commitRealm(realm: string, context: RealmRevocationContext): Promise<string> {
    const event = { ...this.newEvent(ALL_SUBJECTS, context, context.recordId), matched: 0, realm };
    return inSpan('gtr.revoke', () => this.commit([event], context));
  }

  private commit(events: Events, context: RevocationContext): Promise<string> {
    const isOneUser = events.length === 1 && events[0].realm === '';
    let mayShare =
      isOneUser && context.movesTo === undefined && !this.listeners.areInTransaction && !this.targets.areInTransaction;
    return this.deadline.run(async (isLate) => {
      const alone = () => inTransaction(this.dataSource, (manager) => this.write(manager, events, context));
      const isShared = mayShare;
      mayShare = false; // at the second try it may have been committed
      let begun: BegunTargets[] = [];
      try {
        begun = await (isShared ? this.share(events[0], context, isLate, alone) : alone());
      } catch (error) {
        const doneBy = error instanceof AlreadyDone && (await this.doneBy(events[0], context));
        if (!doneBy) throw error;
        if (doneBy !== events[0].id) return doneBy;
      }
      this.outbox.committed();
      for (const [i, event] of events.entries()) {
        this.targets.committed(begun[i]);
        this.listeners.afterCommit(event);
      }
      return events[0].id;
    });
  }

  /** With other revocations that wait at the same time, if any. */
  private share(
    event: RevocationEvent,
    { assertion }: RevocationContext,
    isLate: () => boolean,
    alone: () => Promise<BegunTargets[]>,
  ): Promise<BegunTargets[]> {
    expectOutside(this.dataSource);
    return this.shared.commit({ event, assertion }, isLate, alone);
  }

  /** The steps of a revocation, in one transaction. */
  private async write(
    manager: EntityManager,
    events: Events,
    { assertion, movesTo }: RevocationContext,
  ): Promise<BegunTargets[]> {
    if (assertion) await unlessDone(this.assertions.use(manager, assertion, events[0].id));
    const all: BegunTargets[] = [];
    for (const event of events) {
      const subjectHash = keyOfEvent(event);
      const epochs = await this.raise(manager, event, movesTo);
      const begun = await this.targets.begin(manager, event);
      const { toNotify } = this.outbox;
      await unlessDone(insertRevocations(manager, [{ event, subjectHash, epochs, begun, toNotify }]));
      await this.listeners.inTransaction(event, manager);
      all.push(begun);
    }
    return all;
  }

  /** @returns the epochs for the record */
  private async raise(manager: EntityManager, event: RevocationEvent, movesTo?: string): Promise<EpochValues> {
    const key = keyOfEvent(event);
    if (isOfNamedRealm(event)) return raiseRealm(manager, key);
    await this.epochs.raise(manager, event.subject);
    return movesTo === undefined ? epochsOfOnly(key) : moveTo(manager, key, movesTo);
  }

  /**
   * Returns the id of the earlier record: of the same assertion, or of an earlier try whose COMMIT got no answer. If
   * the record exists, the epoch was raised with it.
   */
  private async doneBy(
    event: RevocationEvent,
    { assertion, recordId }: RevocationContext,
  ): Promise<string | undefined> {
    if (assertion) return this.assertions.earlierUse(assertion);
    if (recordId === undefined) return event.id;
    const where = { id: event.id, subjectHash: keyOfEvent(event) };
    return (await onPrimary(this.dataSource, (manager) => manager.existsBy(Revocation, where))) ? event.id : undefined;
  }
}

/** Thrown if the unique key of a step shows that it is already done. */
class AlreadyDone extends Error {}

/** Applies to this step only: a duplicate key in another table of the transaction is a real error. */
const unlessDone = (step: Promise<void>): Promise<void> =>
  step.catch((cause: unknown) => {
    throw isDriverError(cause, 'duplicateKey') ? new AlreadyDone('done before', { cause }) : cause;
  });
