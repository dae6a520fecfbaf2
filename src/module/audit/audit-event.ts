import type { RefusalReason } from '../revocation.errors.js';

/**
 * Reason of a failure: a refusal; `clientDisabled` (a disabled client with a valid secret, answered as
 * `invalidClient`); `aborted` (the caller disconnected); `other` (another part of the host answered).
 *
 * @publicApi
 */
export type EventReason = RefusalReason | 'clientDisabled' | 'aborted' | 'other';

/**
 * An audit event. Fields follow the Elastic Common Schema; our own begin with `gtr.`. No field contains an identifier
 * as sent, a credential or an account id; the record in `event.id` names the user.
 *
 * @see Elastic Common Schema 9, Event Fields
 * @publicApi
 */
export interface AuditEvent {
  /** One sentence for people. */
  message: string;
  /**
   * - `user-revoked`: a revocation took effect, at the endpoint or in process.
   * - `realm-revoked`: everybody or a realm, such as a tenant, was revoked, in process or by an operator.
   * - `session-logout-request`: a logout token was answered that ended a session at an upstream identity provider.
   * - `revocation-request`: the endpoint answered a request, with any status.
   * - `revocation-state-request`: the endpoint answered a request for the state of a revocation, with any status.
   * - `revoked-credential-used`: a credential was presented after its revocation.
   */
  'event.action':
    | 'user-revoked'
    | 'realm-revoked'
    | 'session-logout-request'
    | 'revocation-request'
    | 'revocation-state-request'
    | 'revoked-credential-used';
  /** Always `event`. */
  'event.kind': 'event';
  /** `iam` for actions on a user, `authentication` for a presented credential. */
  'event.category': readonly ['iam'] | readonly ['authentication'];
  /** `unknown` if the caller disconnected before the answer. */
  'event.outcome': 'success' | 'failure' | 'unknown';
  /** Reason of a failure. */
  'event.reason'?: EventReason;
  /** Id of the {@link Revocation} record. For the state of a revocation of an unknown user, no record has this id. */
  'event.id'?: string;
  /** Nanoseconds from the end of the request's header to the end of the answer. */
  'event.duration'?: number;
  /** Client id of the caller, or the name that the host passed. For a rejected credential, the registered client. */
  'user.id'?: string;
  /** Keyed hash of the identifier, see {@link IdentifierHash}. */
  'user.target.hash'?: string;
  /** Client address, behind the proxies that the host trusts. */
  'source.ip'?: string;
  /** A valid `X-Request-Id`, else the trace id, else a new UUID. */
  'http.request.id'?: string;
  /** Method of the request. */
  'http.request.method'?: string;
  /** Status of the answer. */
  'http.response.status_code'?: number;
  /** @see Trace Context §3.2 */
  'trace.id'?: string;
  /** Cause of a refusal. Values of failed queries are masked. */
  'error.message'?: string;
  /** Stack trace of the cause; only for server errors. */
  'error.stack_trace'?: string;
  /** How the caller authenticated, or tried to. */
  'gtr.method'?: string;
  /** Key or secret of the caller. */
  'gtr.key_id'?: string;
  /** `format` of a valid identifier. */
  'gtr.format'?: string;
  /** How many users the identifier matched. */
  'gtr.matched'?: number;
  /** The realm that was revoked: `everybody`, or the name that the host gave it. */
  'gtr.realm'?: string;
  /** `jti` of the assertion as sent: at most 255 characters, without control characters. */
  'gtr.assertion.jti'?: string;
  /** Model of the credential, for example `RefreshToken`. */
  'gtr.credential'?: string;
}
