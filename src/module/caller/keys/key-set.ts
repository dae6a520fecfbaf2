import {
  createLocalJWKSet,
  errors,
  type JSONWebKeySet,
  jwtVerify,
  type JWTVerifyGetKey,
  type JWTVerifyOptions,
} from 'jose';

type Verified = Awaited<ReturnType<typeof jwtVerify>>;

/** Maximum number of keys to try for one signature. */
const TRIES_MAX = 10;

/** Errors that can only occur after the signature was verified. */
const OF_CLAIMS = [errors.JWTClaimValidationFailed, errors.JWTExpired, errors.JWTInvalid];

/**
 * Selects keys of a set by `kid`. If the header has no `kid`, or no key has it, keys without `kid` are used.
 *
 * @throws JWKSInvalid if the set is invalid
 * @see RFC 7517 §4.5, RFC 7515 §4.1.4
 */
export function keysOf(jwks: JSONWebKeySet): JWTVerifyGetKey {
  const keys = createLocalJWKSet(jwks);
  const names = new Set(jwks.keys.map(({ kid }) => kid));
  const nameless = namelessKeysOf(jwks);
  return (header, token) => (header.kid === undefined || names.has(header.kid) ? keys : nameless)(header, token);
}

/** Selects among the keys without `kid`, whatever `kid` the header has. */
export function namelessKeysOf({ keys: all }: JSONWebKeySet): JWTVerifyGetKey {
  const keys = createLocalJWKSet({ keys: all.filter(({ kid }) => kid === undefined) });
  return ({ kid: _kid, ...header }, token) => keys(header, token);
}

/**
 * Verifies a JWT. If several keys fit the header, tries at most ten of them.
 *
 * @throws JOSEError
 * @see RFC 7519 §7.2
 */
export async function verifyJwt(token: string, keys: JWTVerifyGetKey, options: JWTVerifyOptions): Promise<Verified> {
  try {
    return await jwtVerify(token, keys, options);
  } catch (error) {
    if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw error;
    return verifyWithAny(token, error, options);
  }
}

async function verifyWithAny(
  token: string,
  keys: errors.JWKSMultipleMatchingKeys,
  options: JWTVerifyOptions,
): Promise<Verified> {
  let tries = 0;
  for await (const key of keys) {
    if (tries === TRIES_MAX) break;
    tries += 1;
    try {
      return await jwtVerify(token, key, options);
    } catch (error) {
      if (OF_CLAIMS.some((kind) => error instanceof kind)) throw error;
    }
  }
  throw new errors.JWSSignatureVerificationFailed();
}
