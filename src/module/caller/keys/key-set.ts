import {
  createLocalJWKSet,
  errors,
  type JSONWebKeySet,
  jwtVerify,
  type JWTVerifyGetKey,
  type JWTVerifyOptions,
} from 'jose';

type Verified = Awaited<ReturnType<typeof jwtVerify>>;

/** Most keys that one signature is tried with. */
const TRIES_MAX = 10;

/** Faults that are found once the signature has been. */
const OF_CLAIMS = [errors.JWTClaimValidationFailed, errors.JWTExpired, errors.JWTInvalid];

/**
 * The keys of a set: those of the header's `kid`; when it has none, or none of them has it, those without a name.
 *
 * @throws JWKSInvalid for what is no set
 * @see RFC 7517 §4.5, RFC 7515 §4.1.4
 */
export function keysOf(jwks: JSONWebKeySet): JWTVerifyGetKey {
  const keys = createLocalJWKSet(jwks);
  const names = new Set(jwks.keys.map(({ kid }) => kid));
  const nameless = namelessKeysOf(jwks);
  return (header, token) => (header.kid === undefined || names.has(header.kid) ? keys : nameless)(header, token);
}

/** The keys without `kid`: a header that has one may mean any of them. */
export function namelessKeysOf({ keys: all }: JSONWebKeySet): JWTVerifyGetKey {
  const keys = createLocalJWKSet({ keys: all.filter(({ kid }) => kid === undefined) });
  return ({ kid: _kid, ...header }, token) => keys(header, token);
}

/**
 * Verifies a JWT. Where several keys fit its header, each is tried, ten at most.
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
