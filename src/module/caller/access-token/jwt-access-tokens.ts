import { decodeJwt, errors, type JSONWebKeySet, type JWTPayload, type JWTVerifyGetKey } from 'jose';
import type { JwtAccessTokens } from '../../options/access-tokens.options.js';
import { ASSERTION_ALGORITHMS } from '../../options/public-keys.options.js';
import type { AccessTokenLookup, IssuedToken } from './issued-token.js';
import { readAssertion } from '../assertion/assertion.js';
import { keysOf, verifyJwt } from '../keys/key-set.js';

/** `typ` of a JWT access token. @see RFC 9068 §2.1 */
export const ACCESS_TOKEN_TYPE = 'at+jwt';

/** Claims that every JWT access token must have. @see RFC 9068 §2.2 */
const CLAIMS = ['exp', 'iat', 'sub', 'client_id', 'jti'];

/** Claims that show that a person signed in. @see RFC 9068 §2.2.1, OpenID Connect Back-Channel Logout 1.0 §2.1 */
const OF_A_LOGIN = ['auth_time', 'acr', 'amr', 'sid'];

/** Accepted difference between clocks, in seconds. */
export const TOLERANCE_SECONDS = 10;

/** Returns whether the header of a token says that it is a JWT access token. */
export function isJwtAccessToken(value: string): boolean {
  try {
    return readAssertion(value)?.type === ACCESS_TOKEN_TYPE;
  } catch {
    return false; // a JOSE header without claims
  }
}

/** Returns the unverified `client_id` of a JWT access token; undefined for other tokens. */
export function claimedClient(value: string): string | undefined {
  if (!isJwtAccessToken(value)) return undefined;
  const { client_id: claimed } = decodeJwt(value);
  return typeof claimed === 'string' ? claimed : '';
}

/** Keys and rules that verify a JWT access token. */
interface JwtAccessTokenRules {
  issuer: string;
  /** Accepted values of `aud`; the token must have one of them. */
  audience: string | string[];
  keys: JWTVerifyGetKey;
}

/**
 * Returns the claims of a valid JWT access token, or undefined.
 *
 * @throws Error if keys cannot be fetched
 * @see RFC 9068 §4
 */
export async function verifiedClaims(
  value: string,
  { keys, ...rules }: JwtAccessTokenRules,
): Promise<JWTPayload | undefined> {
  const options = {
    ...rules,
    typ: ACCESS_TOKEN_TYPE,
    algorithms: [...ASSERTION_ALGORITHMS],
    requiredClaims: CLAIMS,
    clockTolerance: TOLERANCE_SECONDS,
  };
  try {
    return (await verifyJwt(value, keys, options)).payload;
  } catch (error) {
    if (error instanceof errors.JOSEError) return undefined;
    throw error;
  }
}

/**
 * Verifies JWT access tokens of this authorization server.
 *
 * @param audience returns the required `aud`
 */
export function jwtAccessTokens(issuer: string, { jwks }: JwtAccessTokens, audience: () => string): AccessTokenLookup {
  const keys = keysOf(jwks as unknown as JSONWebKeySet);
  return async (value) => {
    const claims = await verifiedClaims(value, { issuer, audience: audience(), keys });
    return claims && issuedToken(claims);
  };
}

/** Returns what the claims say, or undefined if they are invalid. A client's own token has `sub` equal to `client_id` and no sign-in claims. @see RFC 9068 §2.2, §5 */
export function issuedToken(claims: JWTPayload): IssuedToken | undefined {
  const { client_id: clientId, sub, scope = '', cnf = {} } = claims;
  const isText = [clientId, sub, scope].every((claim) => typeof claim === 'string');
  if (!isText || !isConfirmation(cnf)) return undefined;
  const isOwn = sub === clientId && !OF_A_LOGIN.some((claim) => claim in claims);
  const person = isOwn ? {} : { subject: sub! };
  return { clientId: clientId as string, scope: scope as string, cnf, ...person };
}

const isConfirmation = (cnf: unknown): cnf is Readonly<Record<string, string>> =>
  typeof cnf === 'object' && cnf !== null && Object.values(cnf).every((value) => typeof value === 'string');
