import { createPrivateKey, createPublicKey, sign, verify, type JsonWebKey, type KeyObject } from 'node:crypto';

/** A private key in JWK form. @see RFC 7517 §4 */
export interface PrivateJwk extends JsonWebKey {
  kty: string;
  kid: string;
}

/** A set of private keys. @see RFC 7517 §5 */
export interface PrivateJwks {
  keys: PrivateJwk[];
}

/** What is wrong with a parsed JWKS of private signing keys, without any of its content; `undefined` when it is fine. */
export function jwksProblem(jwks: unknown): string | undefined {
  if (!isObject(jwks) || !Array.isArray(jwks['keys']) || jwks['keys'].length === 0) {
    return 'must contain a JSON object with a non-empty list "keys"';
  }
  const keys: unknown[] = jwks['keys'];
  const kids = new Set<unknown>();
  for (const [index, jwk] of keys.entries()) {
    const problem = isObject(jwk) ? jwkProblem(jwk) : 'is not an object';
    if (problem !== undefined) return `key ${index} ${problem}`;
    const { kid } = jwk as PrivateJwk;
    if (kids.has(kid)) return `key ${index} repeats the "kid" of an earlier key`;
    kids.add(kid);
  }
  return undefined;
}

/** Signature algorithms by curve, or by key type where there is no curve. @see RFC 7518 §3.1, RFC 8037 §3.1 */
const ALGORITHMS: ReadonlyMap<unknown, readonly unknown[]> = new Map([
  ['RSA', ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512']],
  ['P-256', ['ES256']],
  ['P-384', ['ES384']],
  ['P-521', ['ES512']],
  ['Ed25519', ['EdDSA', 'Ed25519']],
]);

function jwkProblem(jwk: JsonWebKey): string | undefined {
  if (jwk.kty === 'oct') return 'is symmetric; only private RSA, EC and OKP keys are allowed';
  if (jwk.kty !== 'RSA' && jwk.kty !== 'EC' && jwk.kty !== 'OKP') return 'must have the "kty" RSA, EC or OKP';
  if (typeof jwk['kid'] !== 'string' || jwk['kid'] === '') return 'must have a "kid"';
  if (typeof jwk.d !== 'string') return 'has no private part';
  if (jwk['use'] !== undefined && jwk['use'] !== 'sig') return 'must have the "use" sig or none';
  const algorithms = ALGORITHMS.get(jwk.kty === 'RSA' ? 'RSA' : jwk.crv);
  if (!algorithms) return 'must be on the curve P-256, P-384, P-521 or Ed25519';
  if (jwk['alg'] !== undefined && !algorithms.includes(jwk['alg']))
    return `must have the "alg" ${algorithms.join(', ')}`;
  return keyProblem(jwk);
}

function keyProblem(jwk: JsonWebKey): string | undefined {
  const key = privateKey(jwk);
  if (key === undefined) return 'is not a valid private key';
  if (jwk.kty === 'RSA' && (key.asymmetricKeyDetails?.modulusLength ?? 0) < 2048) {
    return 'must have at least 2048 bits';
  }
  return signs(jwk, key) ? undefined : 'has a private part that does not belong to its public part';
}

function privateKey(jwk: JsonWebKey): KeyObject | undefined {
  try {
    return createPrivateKey({ key: jwk, format: 'jwk' });
  } catch {
    return undefined;
  }
}

function signs(jwk: JsonWebKey, key: KeyObject): boolean {
  const { d: _private, ...publicPart } = jwk;
  const message = Buffer.from('check');
  const algorithm = jwk.kty === 'OKP' ? null : 'sha256';
  try {
    const publicKey = createPublicKey({ key: publicPart, format: 'jwk' });
    return verify(algorithm, message, publicKey, sign(algorithm, message, key));
  } catch {
    return false;
  }
}

/** A JSON object, not a list. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
