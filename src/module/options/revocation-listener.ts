import type { EntityManager } from 'typeorm';

/** One revocation, as its record says it. @publicApi */
export interface RevocationEvent {
  /** Id of the {@link Revocation} record. */
  readonly id: string;
  /** Account id (`sub`) of the user. */
  readonly subject: string;
  /** Who asked: a client id, or the name given in process. */
  readonly actor: string;
  /** How the actor authenticated; `in_process` for calls of the host. */
  readonly method: string;
  /** Which of its keys or secrets the actor authenticated with; empty when it has only one. */
  readonly keyId: string;
  /** `format` of the identifier; empty in process. */
  readonly format: string;
  /** Keyed hash of the identifier; empty in process. */
  readonly identifierHash: string;
  /** How many users the identifier matched. */
  readonly matched: number;
  /** Address the request came from; empty in process. */
  readonly sourceIp: string;
  /** Id of the request, as in the log; empty in process. */
  readonly requestId: string;
  /** Why, in the words of the host; empty when none were given. */
  readonly reason: string;
  /** UTC epoch milliseconds. */
  readonly createdAt: number;
}

/**
 * A provider of the host that is told of every revocation, those in process included. Named in
 * {@link GlobalRevocationOptions.listeners}; it has at least one of the two methods.
 *
 * @publicApi
 */
export interface RevocationListener {
  /**
   * Called in the revocation's transaction, after epoch and record are written and before the COMMIT: for what must happen
   * exactly when the user is revoked, e.g. a row in an outbox. Called again, in a new transaction, when a deadlock or a lost
   * identity provider took the first one back; so it only writes through `manager`, and waits for
   * nothing else: the user's lock and the request wait for it.
   *
   * Throwing takes the whole revocation back, and the caller is refused: with the refusal itself for a
   * {@link RevocationError}, else with 503.
   *
   * @param manager runs its statements in the transaction
   */
  inTransaction?(event: RevocationEvent, manager: EntityManager): Promise<void>;
  /**
   * Called once the COMMIT is known to have succeeded, never twice for one revocation: for what may be missed, e.g. an
   * e-mail. Nobody waits for it, and what it throws is logged. It is not called at all when the process dies first, or when
   * the connection breaks around the COMMIT and does not come back before the deadline.
   */
  afterCommit?(event: RevocationEvent): Promise<void> | void;
}
