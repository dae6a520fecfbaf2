import type { AssertionCaller, Caller, IdentityProvider } from './credentials.js';
import type { ClientCredentials } from './http.js';
import type { LogoutAddress } from './logout-receiver.js';
import type { SubId } from './signed-in.js';

/** Settings of the tester about the server. Requirements that need a missing setting are not tested. */
export interface TargetOptions {
  /** Issuer identifier. */
  base_url: string;
  /** URL of the endpoint. @default `global_token_revocation_endpoint` of the metadata */
  endpoint?: string;
  /** Caller that may revoke. @default `identity_provider`, otherwise `assertion_caller` */
  caller?: Caller;
  /** A client that can authenticate but lacks the scope. */
  caller_without_scope?: ClientCredentials;
  /** A client that may revoke the person of the sign-in command, but not the user with the identifier `outside`. */
  restricted_caller?: ClientCredentials & { outside: SubId };
  /** A client registered for `private_key_jwt` that may revoke. */
  assertion_caller?: AssertionCaller;
  /** An identity provider whose signed requests the server accepts; `outside` is a user of another tenant. */
  identity_provider?: IdentityProvider & { outside?: SubId };
  /** An access token that is bound to a certificate. @see RFC 8705 §3 */
  certificate_bound_token?: string;
  /** Where the suite receives logout tokens: the person's client has this address as `backchannel_logout_uri`. */
  logout_receiver?: LogoutAddress;
  /** A client that gets access tokens with the scope `ssf.manage`, and whose stream the suite may delete. */
  signals_receiver?: ClientCredentials;
  /** An identifier that several users share, on a server that rejects it. */
  ambiguous?: SubId;
  /** Status for an unknown user. @default 404 */
  unknown_subject_status?: 204 | 404;
}
