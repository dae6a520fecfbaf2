import { Inject, Injectable } from '@nestjs/common';
import { GLOBAL_REVOCATION_SCOPE } from '../../options/global-revocation.options.js';
import type { Assertion } from './assertion.js';
import { checkAssertion, refusal } from './assertion-check.js';
import type { Caller } from '../caller.js';
import { IdentityProviders } from './identity-providers.js';

/** `typ` of the JWTs of identity providers. */
export const SIGNED_REQUEST_TYPE = 'global-token-revocation+jwt';

/**
 * Identity providers that sign their calls.
 *
 * @see https://developer.okta.com/docs/guides/oin-universal-logout-overview/
 * @see draft-parecki-oauth-global-token-revocation-06 §3.5
 */
@Injectable()
export class IdentityProviderStrategy {
  constructor(@Inject(IdentityProviders) private readonly identityProviders: IdentityProviders) {}

  /** Whether a JWT without a `typ` of its own is for an identity provider: one that takes such has its issuer. */
  takesUntyped({ claims }: Assertion): boolean {
    return this.identityProviders.find(claims)?.acceptUntyped ?? false;
  }

  /**
   * The identity provider an assertion is of. To be configured for exactly this implies the scope.
   *
   * @throws RevocationError of the check that fails, `unavailable`
   */
  async authenticate(assertion: Assertion, bodyHash: string): Promise<Caller> {
    const identityProvider = this.identityProviders.find(assertion.claims);
    if (!identityProvider) throw refusal(assertion, 'assertionUntrusted', 'no identity provider has this iss and sub');
    const { id, restrictions, rule } = identityProvider;
    const { keyId, jti, expiresAt } = await checkAssertion(assertion, rule);
    return {
      id,
      method: SIGNED_REQUEST_TYPE,
      scopes: new Set([GLOBAL_REVOCATION_SCOPE]),
      keyId,
      restrictions,
      assertion: { issuer: assertion.claims.iss!, jti, expiresAt, bodyHash },
    };
  }
}
