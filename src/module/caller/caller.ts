import type { CallerRestrictions } from '../options/caller-restrictions.options.js';
import { GLOBAL_REVOCATION_SCOPE } from '../options/global-revocation.options.js';

/** The client or identity provider that calls the endpoint. @publicApi */
export interface Caller {
  /** Client id, or id of the identity provider. */
  id: string;
  /** How the caller authenticated: a registered token endpoint auth method, a token type, or the `typ` of a JWT. */
  method: string;
  /** Scopes of the credential. */
  scopes: ReadonlySet<string>;
  /** Identifies the key or secret that verified the credential. */
  keyId?: string | undefined;
  /** Users and formats that this caller may name. */
  restrictions?: CallerRestrictions | undefined;
  /** Assertion that authenticated the caller. Valid for one effect. */
  assertion?: CallerAssertion;
}

/** A verified assertion and the body it came with. @see RFC 7523 §3 @publicApi */
export interface CallerAssertion {
  /** Claim `iss`. */
  issuer: string;
  /** Claim `jti`: unique per issuer. */
  jti: string;
  /** UTC epoch milliseconds. */
  expiresAt: number;
  /** SHA-256 of the request body. Only a request with this body may repeat the assertion. */
  bodyHash: string;
}

/** Returns whether the caller's access token is bound to a TLS client certificate, and only to that. @see RFC 8705 §3 */
export const hasCertificate = ({ method, keyId }: Caller): boolean => method === 'Bearer' && keyId !== undefined;

/**
 * Returns whether the credential itself, not only the registration, has the scope.
 *
 * @see draft-parecki-oauth-global-token-revocation-06 §7.1
 * @publicApi
 */
export const mayRevoke = ({ scopes }: Caller): boolean => scopes.has(GLOBAL_REVOCATION_SCOPE);
