import { type Configuration, errors } from 'oidc-provider';
import { JTI_MAX } from '../caller/assertion/assertion.js';
import type { UsedAssertions } from '../caller/assertion/used-assertions.js';
import { orUnavailable } from './unavailable.js';

/** By how much a client's clock may differ at the revocation endpoint, in milliseconds. */
const TOLERANCE_MS = 10_000;

/** oidc-provider's option `assertJwtClientAuthClaimsAndHeader`. */
export type ClientAssertionCheck = NonNullable<Configuration['assertJwtClientAuthClaimsAndHeader']>;

/**
 * Clients show the same assertions to the provider and to the revocation endpoint: each is good once, at one of them.
 *
 * @returns what the provider asks when the signature has been checked
 * @see RFC 7523 §3, RFC 7519 §4.1.7
 */
export function useClientAssertions(used: UsedAssertions): ClientAssertionCheck {
  return async (_ctx, { jti, exp }, _header, { clientId }) => {
    if (typeof jti !== 'string' || jti.length > JTI_MAX) return; // the revocation endpoint takes none of those
    const expiresAt = Math.min(Math.ceil(Number(exp) * 1000) + TOLERANCE_MS, Number.MAX_SAFE_INTEGER);
    const isFirst = await orUnavailable(used.useElsewhere({ issuer: clientId, jti, expiresAt }));
    if (!isFirst) throw new errors.InvalidClientAuth('client assertion tokens must only be used once');
  };
}
