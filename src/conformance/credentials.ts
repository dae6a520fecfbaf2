import type { JWK } from 'jose';
import { basic, type ClientCredentials } from './http.js';
import { inSeconds, jwt, type JwtChanges } from './jwt.js';

/** `typ` of the JWT in a request of an identity provider. */
export const SIGNED_REQUEST = 'global-token-revocation+jwt';

/** How a caller authenticates: HTTP Basic, an access token, or any value of the `Authorization` header. */
export type Caller = ClientCredentials | { access_token: string } | { authorization: string };

interface SigningKey {
  /** Private key with `alg`, and with `kid` if the server expects one. */
  key: JWK;
}

/** A client registered for `private_key_jwt`. */
export type AssertionCaller = SigningKey & { client_id: string };

/** An identity provider whose signed requests the server accepts. */
export interface IdentityProvider extends SigningKey {
  issuer: string;
  /** `sub` of its JWTs. @default the issuer */
  subject?: string;
  /** `typ` of its JWTs; an empty one is omitted. @default global-token-revocation+jwt */
  typ?: string;
}

/** Returns the value of the `Authorization` header. */
export function authorizationOf(caller: Caller): string {
  if ('authorization' in caller) return caller.authorization;
  return 'access_token' in caller ? `Bearer ${caller.access_token}` : basic(caller);
}

/** Signs a client assertion for this issuer. @see RFC 7523 §3 */
export function assertionOf(caller: AssertionCaller, issuer: string, changes?: JwtChanges): Promise<string> {
  const { client_id: id, key } = caller;
  return jwt(key, 'client-authentication+jwt', { iss: id, sub: id, aud: issuer }, changes);
}

/**
 * Signs a JWT for a request of an identity provider. Its `nbf` is five minutes in the past, like Okta's.
 *
 * @see draft-parecki-oauth-global-token-revocation-06 §3.5
 */
export function signedRequest(provider: IdentityProvider, endpoint: string, changes?: JwtChanges): Promise<string> {
  const { issuer, subject = issuer, key, typ = SIGNED_REQUEST } = provider;
  const claims = { iss: issuer, sub: subject, aud: endpoint, nbf: inSeconds(-300), exp: inSeconds(300) };
  return jwt(key, typ || undefined, claims, changes);
}
