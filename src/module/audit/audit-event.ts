import type { RefusalReason } from '../revocation.errors.js';

/**
 * Why something did not succeed: a refusal of ours, a disabled client that has shown its secret (answered as `invalidClient`), a
 * caller that hung up, or an answer that another part of the host gave.
 *
 * @publicApi
 */
export type EventReason = RefusalReason | 'clientDisabled' | 'aborted' | 'other';

/**
 * What happened. Fields are named as in the Elastic Common Schema; ours begin with `gtr.`. No field holds an identifier as it
 * was sent, a credential, or an account id: the record that `event.id` names says whom it was about.
 *
 * @see Elastic Common Schema 9, Event Fields
 * @publicApi
 */
export interface AuditEvent {
  /** One sentence for people. */
  message: string;
  /**
   * - `user-revoked`: a revocation took effect, by the endpoint or in process.
   * - `revocation-request`: the endpoint answered a request, whatever the answer.
   * - `revoked-credential-used`: somebody presented a credential that a revocation had ended.
   */
  'event.action': 'user-revoked' | 'revocation-request' | 'revoked-credential-used';
  /** Always an event, never a metric or an alert. */
  'event.kind': 'event';
  /** `iam` for what is done to a user, `authentication` for a credential that is presented. */
  'event.category': readonly ['iam'] | readonly ['authentication'];
  /** `unknown`: the caller hung up before the answer. */
  'event.outcome': 'success' | 'failure' | 'unknown';
  /** Why it did not succeed. */
  'event.reason'?: EventReason;
  /** Id of the {@link Revocation} record. */
  'event.id'?: string;
  /** From the first byte of the header to the end of the answer, in nanoseconds. */
  'event.duration'?: number;
  /** Who asked: client id, or the name given in process. Of a refused credential: the registered client that was tried. */
  'user.id'?: string;
  /** Keyed hash of the identifier, see {@link IdentifierHash}. */
  'user.target.hash'?: string;
  /** Address behind the proxies that the host trusts. */
  'source.ip'?: string;
  /** A valid `X-Request-Id`, else the trace id, else a new UUID. */
  'http.request.id'?: string;
  /** Method of the request. */
  'http.request.method'?: string;
  /** Status of the answer. */
  'http.response.status_code'?: number;
  /** @see Trace Context §3.2 */
  'trace.id'?: string;
  /** What led to a refusal, in words of ours and with the values of failed queries masked. */
  'error.message'?: string;
  /** Where that came from; only for faults of the server. */
  'error.stack_trace'?: string;
  /** How the caller authenticated, or tried to. */
  'gtr.method'?: string;
  /** With which of its keys or secrets. */
  'gtr.key_id'?: string;
  /** `format` of a valid identifier. */
  'gtr.format'?: string;
  /** How many users the identifier matched. */
  'gtr.matched'?: number;
  /** `jti` of the assertion that the request came with, as sent: at most 255 characters, without controls. */
  'gtr.assertion.jti'?: string;
  /** Model of the credential, e.g. `RefreshToken`. */
  'gtr.credential'?: string;
}
