import { asRefusal, type RefusalReason, RevocationError } from '../revocation.errors.js';

/** Refusals of steps that the endpoint shares → those of a logout token. */
const REASONS: Partial<Record<RefusalReason, RefusalReason>> = {
  assertionMalformed: 'logoutTokenMalformed',
  assertionType: 'logoutTokenMalformed',
  assertionAlgorithm: 'logoutTokenMalformed',
  assertionUntrusted: 'logoutTokenUntrusted',
  assertionAlgorithmNotListed: 'logoutTokenUntrusted',
  assertionAudience: 'logoutTokenUntrusted',
  assertionClaims: 'logoutTokenClaims',
  assertionSubject: 'logoutTokenClaims',
  assertionExpired: 'logoutTokenTime',
  assertionEarly: 'logoutTokenTime',
  assertionLifetime: 'logoutTokenTime',
  assertionReplayed: 'logoutTokenReplayed',
  invalidIdentifier: 'logoutTokenUser',
  unsupportedFormat: 'logoutTokenUser',
  ambiguousSubject: 'logoutTokenUser',
  notRevocable: 'logoutTokenUser',
};

/** Returns the refusal of a logout token for any error. Anything unknown is `unavailable`. @see OpenID.Back-Channel §2.8 */
export function logoutRefusal(error: unknown): RevocationError {
  const refusal = asRefusal(error);
  const reason = REASONS[refusal.reason];
  if (!reason) return refusal;
  const details = refusal.details === undefined ? refusal.reason : `${refusal.reason}: ${refusal.details}`;
  return new RevocationError(reason, { details, jti: refusal.jti });
}
