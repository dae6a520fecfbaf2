import { createPublicKey, type JsonWebKey, X509Certificate } from 'node:crypto';
import * as v from 'valibot';
import { listOf, type Members, object, read, secret, shape, text } from './schema.js';

/**
 * How public keys of identity providers and clients are fetched: over https, without redirects, at most 64 kB within 5
 * seconds, from public addresses. Keys are cached for 10 minutes. An unknown key causes another fetch immediately, but at most
 * one every 5 seconds. If keys cannot be fetched, the answer is 503.
 *
 * @see RFC 7517 §5, RFC 8725 §3.10
 * @publicApi
 */
export interface RemoteJwksOptions {
  /**
   * Host names or addresses, as in the URL, that may be non-public.
   *
   * @default []
   */
  allowedHosts?: readonly string[];
  /**
   * PEM certificates of authorities to trust in addition to Node's own.
   *
   * @default []
   */
  ca?: readonly string[];
}

/** Options for fetching public keys. @publicApi */
export interface PublicKeyOptions {
  /**
   * How to fetch the keys of identity providers and clients.
   *
   * @default {}
   */
  remoteJwks?: RemoteJwksOptions;
}

/** Accepted signature algorithms of assertions, all asymmetric. @see RFC 8725 §3.1, §3.2 @publicApi */
export const ASSERTION_ALGORITHMS: readonly string[] = [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  ...['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'],
];

const KINDS: readonly unknown[] = ['RSA', 'EC', 'OKP'];
const CURVES: readonly unknown[] = ['P-256', 'P-384', 'P-521', 'Ed25519'];
const RSA_BITS_MIN = 2048;

/** Returns the bits of an RSA key, Infinity for other kinds; undefined for an invalid key. */
function bitsOf(jwk: JsonWebKey): number | undefined {
  try {
    return createPublicKey({ key: jwk, format: 'jwk' }).asymmetricKeyDetails?.modulusLength ?? Infinity;
  } catch {
    return undefined;
  }
}

/** A public key for verifying signatures. @see RFC 7517 §4 */
const publicKey = v.pipe(
  object,
  v.check(({ kty }) => KINDS.includes(kty), 'must have the "kty" RSA, EC or OKP'),
  v.check((jwk) => !('d' in jwk), 'has a private part: give only the public key'),
  v.check(({ use }) => use === undefined || use === 'sig', 'must have the "use" sig, or no "use"'),
  v.check(
    ({ key_ops: uses }) => !Array.isArray(uses) || uses.includes('verify'),
    'must have "verify" in its "key_ops", or no "key_ops"',
  ),
  v.check(
    ({ alg }) => typeof alg !== 'string' || ASSERTION_ALGORITHMS.includes(alg),
    'must have a signature "alg", or no "alg"',
  ),
  v.check(({ kty, crv }) => kty === 'RSA' || CURVES.includes(crv), `must be on one of the curves ${CURVES.join(', ')}`),
  v.check((jwk) => bitsOf(jwk) !== undefined, 'is not a valid public key'),
  v.check((jwk) => bitsOf(jwk)! >= RSA_BITS_MIN, `must have at least ${RSA_BITS_MIN} bits`),
);

/**
 * Returns a set without the keys that cannot verify signatures, such as encryption keys or keys of an unknown type; if none
 * would remain, returns it unchanged, for a useful message. Private keys always remain, so that they are reported.
 */
export function usableKeys<Keys extends object>(jwks: Keys): Keys {
  const { keys } = jwks as { keys?: unknown };
  if (!Array.isArray(keys) || !keys.some((key) => v.is(publicKey, key))) return jwks;
  return { ...jwks, keys: keys.filter((key) => v.is(publicKey, key) || isPrivate(key)) };
}

const isPrivate = (key: unknown): boolean => typeof key === 'object' && key !== null && 'd' in key;

/** @see RFC 7517 §5 */
export const publicKeys = v.pipe(
  object,
  v.transform(usableKeys),
  v.looseObject({ keys: v.pipe(listOf(publicKey), v.nonEmpty('must have at least one key')) }, 'an object'),
);

/** Returns an X.509 certificate in PEM; undefined for an invalid one. */
function certificateIn(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined;
  }
}

/** Returns the public key of a certificate; undefined if JWK cannot express it. */
function keyIn(pem: string): JsonWebKey | undefined {
  try {
    return certificateIn(pem)?.publicKey.export({ format: 'jwk' });
  } catch {
    return undefined;
  }
}

const isPssOnly = (pem: string): boolean => certificateIn(pem)?.publicKey.asymmetricKeyType === 'rsa-pss';

export const certificate = v.pipe(
  text,
  v.trim(),
  v.check((pem) => certificateIn(pem) !== undefined, 'must be an X.509 certificate in PEM'),
  v.check(
    (pem) => !isPssOnly(pem),
    'has a key for RSASSA-PSS only, which JWK cannot express: create one with a plain RSA key (rsaEncryption), which can also sign with PS256 to PS512',
  ),
  v.check(
    (pem) => v.is(publicKey, keyIn(pem)),
    `must have an RSA key of at least ${RSA_BITS_MIN} bits, or a key on one of the curves ${CURVES.join(', ')}`,
  ),
);

function isHttpsUrl(value: unknown): boolean {
  if (typeof value !== 'string' || value.trim() !== value || !URL.canParse(value)) return false;
  const { protocol, username, password } = new URL(value);
  return protocol === 'https:' && username === '' && password === '';
}

/** URL of a key set. */
export const keysUrl = secret<string>('an https URL without a password', isHttpsUrl);

/** Returns the findings about the URL of a key set. @param name of the URL in findings @publicApi */
export const keysUrlFindings = (given: unknown, name: string): string[] => read(keysUrl, given, name).findings;

/**
 * Returns the findings about a public key set. @param name of the set in findings
 *
 * @publicApi
 */
export const publicKeysFindings = (given: unknown, name: string): string[] => read(publicKeys, given, name).findings;

/** Which servers are asked. */
export const trusted = {
  allowedHosts: v.optional(listOf(text), []),
  ca: v.optional(listOf(text), []),
} satisfies Members<RemoteJwksOptions>;

export const publicKeyOptions = {
  remoteJwks: v.optional(shape(trusted), {}),
} satisfies Members<PublicKeyOptions>;
