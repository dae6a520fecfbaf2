import type { JWK } from 'jose';
import { basic, type ClientCredentials } from './http.js';
import { inSeconds, jwt, type JwtChanges } from './jwt.js';

/** `typ` of a request that an identity provider signs. */
export const SIGNED_REQUEST = 'global-token-revocation+jwt';

/** How a caller authenticates: a client with HTTP Basic, an access token it has, or any value of the `Authorization` header. */
export type Caller = ClientCredentials | { access_token: string } | { authorization: string };

/** Signs its requests. */
interface SigningKey {
  /** Private key, with `kid` and `alg`. */
  key: JWK;
}

/** A client registered for `private_key_jwt`. */
export type AssertionCaller = SigningKey & { client_id: string };

/** An identity provider that is registered for signed requests. */
export interface Connection extends SigningKey {
  issuer: string;
  subject?: string;
  /** `typ` of its JWTs; none when it is empty. @default global-token-revocation+jwt */
  typ?: string;
}

/** Value of the `Authorization` header. */
export function authorizationOf(caller: Caller): string {
  if ('authorization' in caller) return caller.authorization;
  return 'access_token' in caller ? `Bearer ${caller.access_token}` : basic(caller);
}

/** A client assertion for this issuer. @see RFC 7523 §3 */
export function assertionOf(caller: AssertionCaller, issuer: string, changes?: JwtChanges): Promise<string> {
  const { client_id: id, key } = caller;
  return jwt(key, 'client-authentication+jwt', { iss: id, sub: id, aud: issuer }, changes);
}

/** A signed request as that identity provider sends it: `nbf` lies five minutes in the past. */
export function signedRequest(connection: Connection, endpoint: string, changes?: JwtChanges): Promise<string> {
  const { issuer, subject = issuer, key, typ = SIGNED_REQUEST } = connection;
  const claims = { iss: issuer, sub: subject, aud: endpoint, nbf: inSeconds(-300), exp: inSeconds(300) };
  return jwt(key, typ || undefined, claims, changes);
}
