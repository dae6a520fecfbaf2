import { GLOBAL_REVOCATION_SCOPE } from '../../options/global-revocation.options.js';
import { isObject } from '../../options/schema.js';
import { refusal, checkAssertion } from './assertion-check.js';
import type { Caller } from '../caller.js';
import { type Assertion, readAssertion } from './assertion.js';
import type { IdentityProviders } from './identity-providers.js';

/** `typ` of a logout token, and method of its revocation. @see OpenID.Back-Channel §2.4 */
export const LOGOUT_TOKEN_TYPE = 'logout+jwt';

/** Accepted `typ`; empty if absent. What a token is for is also in `events`, which no other JWT has. */
const TYPES = [LOGOUT_TOKEN_TYPE, 'jwt', ''];

/** Member of `events` of a logout token. @see OpenID.Back-Channel §2.4 */
export const LOGOUT_EVENT = 'http://schemas.openid.net/event/backchannel-logout';

/** A verified logout token. */
export interface LogoutToken {
  /** The identity provider. */
  caller: Caller;
  iss: string;
  /** The user's account at the identity provider. Without it, `sid` is set. */
  sub?: string | undefined;
  /** The session at the identity provider, if it is what ends. */
  sid?: string | undefined;
}

/**
 * Verifies a logout token, which authenticates its identity provider. The caller may name the users of its own issuer, in its tenant.
 *
 * @param bodyHash a token with the same `jti` and another hash is another token
 * @throws RevocationError of the failed check, `unavailable`
 * @see OpenID.Back-Channel §2.4, §2.6
 */
export async function verifiedLogoutToken(
  identityProviders: IdentityProviders,
  token: string,
  bodyHash: string,
): Promise<LogoutToken> {
  const assertion = readAssertion(token);
  if (!assertion) throw refusal({ sentJti: undefined }, 'assertionMalformed');
  if (!TYPES.includes(assertion.type)) throw refusal(assertion, 'assertionType');
  const identityProvider = identityProviders.findForLogout(assertion.claims);
  if (!identityProvider) {
    throw refusal(assertion, 'assertionUntrusted', 'no identity provider has this iss, and this aud as logoutClientId');
  }
  const { id, restrictions, logoutEnds, rule } = identityProvider;
  const { keyId, jti, expiresAt, claims } = await checkAssertion(assertion, rule);
  const iss = claims.iss!;
  if (!isObject(claims['events']) || !isObject(claims['events'][LOGOUT_EVENT]))
    throw refusal(assertion, 'assertionClaims', 'events');
  if ('nonce' in claims) throw refusal(assertion, 'assertionClaims', 'nonce');
  const sid = logoutEnds === 'session' ? sidOf(assertion) : undefined;
  // Only a user has a tenant.
  if (claims.sub === undefined && (sid === undefined || restrictions.tenant !== undefined))
    throw refusal(assertion, 'assertionClaims', 'sub');
  return {
    caller: {
      id,
      method: LOGOUT_TOKEN_TYPE,
      scopes: new Set([GLOBAL_REVOCATION_SCOPE]),
      keyId,
      restrictions: {
        formats: ['iss_sub'],
        issuers: [iss],
        ...(restrictions.tenant !== undefined && { tenant: restrictions.tenant }),
      },
      assertion: { issuer: iss, jti, expiresAt, bodyHash },
    },
    iss,
    sub: claims.sub,
    sid,
  };
}

/** @throws RevocationError `assertionClaims` if it is not a text */
function sidOf(assertion: Assertion): string | undefined {
  const { sid } = assertion.claims;
  if (sid === undefined || (typeof sid === 'string' && sid !== '')) return sid;
  throw refusal(assertion, 'assertionClaims', 'sid');
}
