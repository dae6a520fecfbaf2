import type { CallerAssertion } from '../caller/caller.js';

/** Details of a revocation, stored in the {@link Revocation} record. @publicApi */
export interface RevocationContext {
  /** Who revokes: a client id, an operator or a component of the host. Cut at 255 characters. */
  actor: string;
  /** Reason, for example `password changed`. Cut at 255 characters. */
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
  /**
   * Account ids of further matching users that the application has marked as deleted. They are revoked in the same
   * transaction, each with its own record.
   */
  deleted?: readonly string[];
  /** Client address; anything else is not recorded. @default '' */
  sourceIp?: string;
  /** Assertion that authenticated the actor; marked as used in the same transaction. */
  assertion?: CallerAssertion | undefined;
  /** Request id, as in the log. Cut at 64 characters. @default '' */
  requestId?: string;
  /**
   * Id of the record, a UUID. If this user or realm already has a record with this id, nothing is changed, but `afterCommit` of
   * listeners may be called again. Use it for jobs that are repeated after a failure.
   *
   * @default a new one
   */
  recordId?: string;
  /** Realm that the user moves to. @internal */
  movesTo?: string;
}

/** Details of a revocation of everybody or of a realm. @publicApi */
export type RealmRevocationContext = Pick<
  RevocationContext,
  'actor' | 'reason' | 'method' | 'keyId' | 'sourceIp' | 'requestId' | 'recordId'
>;
