import type { CallerRestrictions } from '../options/caller-restrictions.options.js';
import { GLOBAL_REVOCATION_SCOPE } from '../options/global-revocation.options.js';

/** Who calls the endpoint. @publicApi */
export interface Caller {
  /** Client id. */
  id: string;
  /** How the caller authenticated: a registered token endpoint auth method, a token type, or the `typ` of a JWT. */
  method: string;
  /** Scopes the credential carries. */
  scopes: ReadonlySet<string>;
  /** Which of several keys or secrets the credential was checked with. */
  keyId?: string | undefined;
  /** Whom this caller may name. */
  restrictions?: CallerRestrictions | undefined;
  /** The assertion it authenticated with: good for one effect. */
  assertion?: CallerAssertion;
}

/** A verified assertion, and the request it came with. @see RFC 7523 §3 @publicApi */
export interface CallerAssertion {
  /** Claim `iss`. */
  issuer: string;
  /** Claim `jti`: at most one effect for each issuer. */
  jti: string;
  /** UTC epoch milliseconds. */
  expiresAt: number;
  /** SHA-256 of the request's body: the assertion is used up by exactly this request. */
  bodyHash: string;
}

/**
 * Whether the credential of a caller, and not merely its registration, carries the scope.
 *
 * @see draft-parecki-oauth-global-token-revocation-06 §7.1
 * @publicApi
 */
export const mayRevoke = ({ scopes }: Caller): boolean => scopes.has(GLOBAL_REVOCATION_SCOPE);
