import { type Configuration, errors } from 'oidc-provider';
import { TOLERANCE_SECONDS } from '../caller/access-token/jwt-access-tokens.js';
import { JTI_MAX } from '../caller/assertion/assertion.js';
import type { UsedAssertions } from '../caller/assertion/used-assertions.js';
import { orUnavailable } from './unavailable.js';

/** oidc-provider's option `assertJwtClientAuthClaimsAndHeader`. */
export type ClientAssertionCheck = NonNullable<Configuration['assertJwtClientAuthClaimsAndHeader']>;

/**
 * Makes each client assertion valid once, at either the provider or the revocation endpoint.
 *
 * @returns a check that the provider calls after it has verified the signature
 * @see RFC 7523 §3, RFC 7519 §4.1.7
 */
export function useClientAssertions(used: UsedAssertions): ClientAssertionCheck {
  return async (_ctx, { jti, exp }, _header, { clientId }) => {
    if (typeof jti !== 'string' || jti.length > JTI_MAX) return; // the revocation endpoint rejects these
    const expiresAt = Math.min(Math.ceil(Number(exp) * 1000) + TOLERANCE_SECONDS * 1000, Number.MAX_SAFE_INTEGER);
    const isFirst = await orUnavailable(used.useElsewhere({ issuer: clientId, jti, expiresAt }));
    if (!isFirst) throw new errors.InvalidClientAuth('client assertion tokens must only be used once');
  };
}
