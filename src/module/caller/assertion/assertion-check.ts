import type { errors, JWTPayload, JWTVerifyGetKey } from 'jose';
import { type RefusalReason, RevocationError } from '../../revocation.errors.js';
import { ASSERTION_ALGORITHMS } from '../../options/public-keys.options.js';
import type { Assertion } from './assertion.js';
import { verifyJwt } from '../keys/key-set.js';

/** Requirements for the assertions of one issuer. */
export interface AssertionRule {
  keys: JWTVerifyGetKey;
  algorithms: readonly string[];
  subject: string | undefined;
  /** The only accepted audience. */
  audience: string;
  /** Required claims besides `iss`, `aud`, `exp` and `jti`. */
  claims: readonly string[];
  /** Accepted clock difference, in seconds. */
  toleranceSeconds: number;
  /** Longest accepted time from `iat` to `exp`, in seconds. */
  lifetimeSeconds: number;
}

interface CheckedAssertion {
  jti: string;
  /** Time until which the assertion is accepted, UTC epoch milliseconds. */
  expiresAt: number;
  /** `kid` of the header. */
  keyId: string | undefined;
  claims: JWTPayload;
}

/** jose's error code → refusal; any other code means `assertionUntrusted`. */
const REASONS: Readonly<Record<string, RefusalReason>> = {
  ERR_JWT_EXPIRED: 'assertionExpired',
  ERR_JWT_CLAIM_VALIDATION_FAILED: 'assertionClaims',
  ERR_JWS_INVALID: 'assertionMalformed',
  ERR_JWT_INVALID: 'assertionMalformed',
  ERR_JOSE_NOT_SUPPORTED: 'assertionMalformed',
  ERR_JOSE_ALG_NOT_ALLOWED: 'assertionAlgorithmNotListed',
};

/** Claims that have their own refusal if they are present and wrong. */
const CLAIM_REASONS: Readonly<Record<string, RefusalReason>> = {
  sub: 'assertionSubject',
  aud: 'assertionAudience',
  nbf: 'assertionEarly',
};

/**
 * Checks the signature, then the claims. A caller that cannot sign learns only that the assertion is not trusted.
 *
 * @throws RevocationError of the first failed check; `unavailable` if the keys cannot be fetched
 * @see RFC 7523 §3, RFC 8725 §3, draft-parecki-oauth-global-token-revocation-06 §3.5
 */
export async function checkAssertion(assertion: Assertion, rule: AssertionRule): Promise<CheckedAssertion> {
  if (!ASSERTION_ALGORITHMS.includes(String(assertion.header.alg))) throw refusal(assertion, 'assertionAlgorithm');
  try {
    const { payload } = await verify(assertion, rule);
    return checkClaims(assertion, payload, rule);
  } catch (error) {
    throw error instanceof RevocationError ? error : translated(assertion, error, rule);
  }
}

/** Returns a refusal that carries the `jti` of the assertion to the log. */
export const refusal = (
  { sentJti: jti }: Pick<Assertion, 'sentJti'>,
  reason: RefusalReason,
  details?: string,
  cause?: unknown,
) => new RevocationError(reason, { jti, details, cause });

function verify({ token }: Assertion, rule: AssertionRule): Promise<{ payload: JWTPayload }> {
  return verifyJwt(token, rule.keys, {
    algorithms: [...rule.algorithms],
    audience: rule.audience,
    clockTolerance: rule.toleranceSeconds,
    requiredClaims: ['exp', 'jti', ...rule.claims],
    ...(rule.subject !== undefined && { subject: rule.subject }),
  });
}

/** Checks what jose does not: non-empty `sub` and `jti`, a single audience, and the lifetime. */
function checkClaims(assertion: Assertion, claims: JWTPayload, rule: AssertionRule): CheckedAssertion {
  const { sub, aud, exp, iat } = claims;
  const { jti } = assertion;
  const { lifetimeSeconds, toleranceSeconds } = rule;
  const latest = Date.now() / 1000 + toleranceSeconds;
  if (jti === undefined) throw refusal(assertion, 'assertionClaims', 'jti');
  if ('sub' in claims && (typeof sub !== 'string' || sub === '')) throw refusal(assertion, 'assertionClaims', 'sub');
  if (Array.isArray(aud) && aud.length !== 1) throw refusal(assertion, 'assertionAudience', expected(rule, 'aud'));
  if (iat !== undefined && iat > latest) throw refusal(assertion, 'assertionEarly', 'iat');
  const from = iat ?? latest;
  if (exp! > from + lifetimeSeconds) throw refusal(assertion, 'assertionLifetime', `at most ${lifetimeSeconds} s`);
  return { jti, claims, keyId: assertion.header.kid, expiresAt: Math.ceil((exp! + toleranceSeconds) * 1000) };
}

function translated(assertion: Assertion, error: unknown, rule: AssertionRule): RevocationError {
  const { claim, code, reason } = error as Partial<errors.JWTClaimValidationFailed>;
  const ofClaim = reason === 'check_failed' ? CLAIM_REASONS[claim ?? ''] : undefined;
  const listed = code === 'ERR_JOSE_ALG_NOT_ALLOWED' && `alg must be one of ${rule.algorithms.join(', ')}`;
  const details = listed || (claim === undefined ? code : expected(rule, claim));
  return refusal(assertion, ofClaim ?? REASONS[code ?? ''] ?? 'assertionUntrusted', details, error);
}

/** Returns the name of a claim, and the required value if one is configured. */
function expected({ audience, subject }: AssertionRule, claim: string): string {
  const value = { aud: audience, sub: subject }[claim];
  return value === undefined ? claim : `${claim} must be ${value}`;
}
