import type { EntityManager } from 'typeorm';

/** Name of the realm that everybody belongs to. */
export const EVERYBODY_REALM = 'everybody';

/** A revocation, with the values of its record. @publicApi */
export interface RevocationEvent {
  /** Id of the {@link Revocation} record. */
  readonly id: string;
  /** Account id (`sub`) of the user; empty if a realm was revoked. */
  readonly subject: string;
  /** The realm that was revoked: `everybody`, or the name that the host gave it; empty for a user. */
  readonly realm: string;
  /** Who revoked: a client id, or the name that the host passed. */
  readonly actor: string;
  /** How the actor authenticated; `in_process` for calls of the host. */
  readonly method: string;
  /** Key or secret of the actor; empty if it has only one. */
  readonly keyId: string;
  /** `format` of the identifier; empty in process. */
  readonly format: string;
  /** Keyed hash of the identifier; empty in process. */
  readonly identifierHash: string;
  /** How many users the identifier matched. */
  readonly matched: number;
  /** Client address; empty in process. */
  readonly sourceIp: string;
  /** Request id, as in the log; empty in process. */
  readonly requestId: string;
  /** Reason that the host passed; may be empty. */
  readonly reason: string;
  /** UTC epoch milliseconds. */
  readonly createdAt: number;
}

/**
 * A provider of the host that is called for every revocation, including in-process ones. Configure it in
 * {@link GlobalRevocationOptions.listeners}. It must have at least one of these methods.
 *
 * @publicApi
 */
export interface RevocationListener {
  /**
   * Called in the revocation's transaction, after epoch and record are written and before the COMMIT. Use it for what
   * must happen exactly when the user is revoked, such as an outbox row. After a deadlock or a lost connection it is
   * called again in a new transaction, so write only through `manager`, and wait for nothing else: the user's lock and
   * the request wait.
   *
   * If it throws, the revocation is rolled back and the caller gets the {@link RevocationError}, or 503 for another
   * error.
   *
   * @param manager runs its statements in the transaction
   */
  inTransaction?(event: RevocationEvent, manager: EntityManager): Promise<void>;
  /**
   * Called after the COMMIT, at most once per revocation. Use it for what may be missed, such as an e-mail. Nothing
   * waits for it, and errors are logged. It is not called if the process dies first, or if the connection breaks during
   * the COMMIT and does not recover before the deadline.
   */
  afterCommit?(event: RevocationEvent): Promise<void> | void;
}
