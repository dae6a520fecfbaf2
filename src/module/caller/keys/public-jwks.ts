import { createPublicKey, type JsonWebKey } from 'node:crypto';

const RSA_BITS_MIN = 2048;
const CURVES: readonly unknown[] = ['P-256', 'P-384', 'P-521', 'Ed25519'];

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** What is wrong with an address that keys are fetched from; undefined when it is fine. */
export function httpsUrlProblem(value: unknown): string | undefined {
  const parsed =
    typeof value === 'string' && value.trim() === value && URL.canParse(value) ? new URL(value) : undefined;
  const isGood = parsed?.protocol === 'https:' && parsed.username === '' && parsed.password === '';
  return isGood ? undefined : 'must be an https URL without a password';
}

/** What is wrong with a set of public keys that signatures are checked with; undefined when it is fine. @see RFC 7517 §5 */
export function jwksProblem(jwks: unknown): string | undefined {
  if (!isObject(jwks) || !Array.isArray(jwks['keys']) || jwks['keys'].length === 0) {
    return 'must be an object with a non-empty list "keys"';
  }
  const problems = jwks['keys'].map((jwk: unknown) => (isObject(jwk) ? keyProblem(jwk) : 'is not an object'));
  const index = problems.findIndex((problem) => problem !== undefined);
  return index < 0 ? undefined : `.keys[${index}] ${problems[index]}`;
}

function keyProblem(jwk: Record<string, unknown>): string | undefined {
  const { kty, crv, use } = jwk;
  if (kty !== 'RSA' && kty !== 'EC' && kty !== 'OKP') return 'must have the "kty" RSA, EC or OKP';
  if ('d' in jwk) return 'has a private part; only public keys belong here';
  if (use !== undefined && use !== 'sig') return 'must have the "use" sig or none';
  if (kty !== 'RSA' && !CURVES.includes(crv)) return `must be on one of the curves ${CURVES.join(', ')}`;
  const bits = modulusLength(jwk);
  if (bits === undefined) return 'is not a valid public key';
  return kty === 'RSA' && bits < RSA_BITS_MIN ? `must have at least ${RSA_BITS_MIN} bits` : undefined;
}

/** Bits of an RSA key, 0 for other kinds; undefined for what is no key. */
function modulusLength(jwk: JsonWebKey): number | undefined {
  try {
    return createPublicKey({ key: jwk, format: 'jwk' }).asymmetricKeyDetails?.modulusLength ?? 0;
  } catch {
    return undefined;
  }
}
