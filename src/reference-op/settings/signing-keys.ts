import { createPrivateKey, createPublicKey, sign, verify, type JsonWebKey, type KeyObject } from 'node:crypto';
import * as v from 'valibot';
import type { GeneratedKeys } from '../op/generated-keys.js';

/** A set of private keys. @see RFC 7517 §5 */
export type PrivateJwks = GeneratedKeys['signing'];

/** Signature algorithms by curve, or by key type if there is no curve. @see RFC 7518 §3.1, RFC 8037 §3.1 */
const ALGORITHMS: ReadonlyMap<unknown, readonly unknown[]> = new Map([
  ['RSA', ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512']],
  ['P-256', ['ES256']],
  ['P-384', ['ES384']],
  ['P-521', ['ES512']],
  ['Ed25519', ['EdDSA', 'Ed25519']],
]);
const KINDS: readonly unknown[] = ['RSA', 'EC', 'OKP'];
const RSA_BITS_MIN = 2048;
const NO_SET = 'must contain a JSON object with a non-empty list "keys"';

const algorithmsOf = ({ kty, crv }: JsonWebKey) => ALGORITHMS.get(kty === 'RSA' ? kty : crv);

const signingKey = v.pipe(
  v.custom<JsonWebKey>((jwk) => typeof jwk === 'object' && jwk !== null && !Array.isArray(jwk), 'is not an object'),
  v.check(({ kty }) => kty !== 'oct', 'is symmetric; only private RSA, EC and OKP keys are allowed'),
  v.check(({ kty }) => KINDS.includes(kty), 'must have the "kty" RSA, EC or OKP'),
  v.check(({ kid }) => typeof kid === 'string' && kid !== '', 'must have a "kid"'),
  v.check(({ d }) => typeof d === 'string', 'has no private part'),
  v.check(({ use }) => use === undefined || use === 'sig', 'must have the "use" sig, or no "use"'),
  v.check((jwk) => algorithmsOf(jwk) !== undefined, 'must be on the curve P-256, P-384, P-521 or Ed25519'),
  v.check(
    (jwk) => jwk['alg'] === undefined || algorithmsOf(jwk)!.includes(jwk['alg']),
    ({ input }) => `must have the "alg" ${algorithmsOf(input)!.join(', ')}`,
  ),
  v.check((jwk) => privateKey(jwk) !== undefined, 'is not a valid private key'),
  v.check((jwk) => bitsOf(privateKey(jwk)!) >= RSA_BITS_MIN, `must have at least ${RSA_BITS_MIN} bits`),
  v.check((jwk) => signs(jwk), 'has a private part that does not belong to its public part'),
);

/** Private signing keys, each with a unique `kid`. */
export const signingKeys = v.looseObject(
  {
    keys: v.pipe(
      v.array(signingKey, NO_SET),
      v.nonEmpty(NO_SET),
      v.checkItems(
        ({ kid }, i, all) => all.findIndex((other) => other['kid'] === kid) === i,
        'repeats the "kid" of an earlier key',
      ),
    ),
  },
  NO_SET,
);

/** Returns the finding about a JWKS of private signing keys, without its content; undefined if it is valid. */
export function signingKeysFinding(jwks: unknown): string | undefined {
  const [issue] = v.safeParse(signingKeys, jwks, { abortEarly: true }).issues ?? [];
  const index = issue?.path?.[1]?.key as number | undefined;
  return issue && (index === undefined ? issue.message : `key ${index} ${issue.message}`);
}

function privateKey(jwk: JsonWebKey): KeyObject | undefined {
  try {
    return createPrivateKey({ key: jwk, format: 'jwk' });
  } catch {
    return undefined;
  }
}

/** Returns the modulus length; Infinity for keys that are not RSA. */
const bitsOf = (key: KeyObject): number => key.asymmetricKeyDetails?.modulusLength ?? Infinity;

function signs({ d, ...publicPart }: JsonWebKey): boolean {
  const message = Buffer.from('check');
  const algorithm = publicPart.kty === 'OKP' ? null : 'sha256';
  try {
    const publicKey = createPublicKey({ key: publicPart, format: 'jwk' });
    return verify(algorithm, message, publicKey, sign(algorithm, message, privateKey({ ...publicPart, d: d! })!));
  } catch {
    return false;
  }
}
