import { Inject, Injectable } from '@nestjs/common';
import { GLOBAL_REVOCATION_SCOPE } from '../../options/global-revocation.options.js';
import type { Assertion } from './assertion.js';
import { checkAssertion, refusal } from './assertion-check.js';
import type { Caller } from '../caller.js';
import { IdentityProviders } from './identity-providers.js';

/** `typ` of an identity provider's signed request. */
export const SIGNED_REQUEST_TYPE = 'global-token-revocation+jwt';

/**
 * Authenticates identity providers that sign their requests.
 *
 * @see https://developer.okta.com/docs/guides/oin-universal-logout-overview/
 * @see draft-parecki-oauth-global-token-revocation-06 §3.5
 */
@Injectable()
export class IdentityProviderStrategy {
  constructor(@Inject(IdentityProviders) private readonly identityProviders: IdentityProviders) {}

  /** Returns whether an assertion without a specific `typ` belongs to an identity provider that accepts such assertions. */
  takesUntyped({ claims }: Assertion): boolean {
    return this.identityProviders.find(claims)?.acceptUntyped ?? false;
  }

  /**
   * Authenticates a configured identity provider. A configured identity provider has the scope.
   *
   * @throws RevocationError of the failed check, `unavailable`
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
