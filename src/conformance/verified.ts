import { createLocalJWKSet, type JSONWebKeySet, type JWTPayload, type JWTVerifyResult, jwtVerify } from 'jose';
import { jsonOf, send } from './http.js';
import { Mismatch } from './outcome.js';

/** Claims of a security event token. @see RFC 8417 §2.2 */
export interface EventClaims extends JWTPayload {
  events?: Record<string, Record<string, unknown>>;
  sub_id?: Record<string, unknown>;
}

/** Returns header and claims of a JWT that is signed with a public key of the server. @throws Mismatch if it is not */
export async function verified(token: string, jwksUri: string): Promise<JWTVerifyResult<EventClaims>> {
  try {
    const keys = jsonOf(await send(jwksUri)) as JSONWebKeySet | undefined;
    return await jwtVerify<EventClaims>(token, createLocalJWKSet(keys ?? { keys: [] }));
  } catch (error) {
    throw new Mismatch(`no key of ${jwksUri} verifies the JWT: ${(error as Error).message}`);
  }
}
