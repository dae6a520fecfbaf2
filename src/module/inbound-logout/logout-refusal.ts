import { type RefusalReason, RevocationError } from '../revocation.errors.js';

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
  if (!(error instanceof RevocationError)) return new RevocationError('unavailable', { cause: error });
  const reason = REASONS[error.reason];
  if (!reason) return error;
  const details = error.details === undefined ? error.reason : `${error.reason}: ${error.details}`;
  return new RevocationError(reason, { details, jti: error.jti });
}
