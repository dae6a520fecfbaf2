import { Inject, Injectable } from '@nestjs/common';
import type { JWTPayload, JWTVerifyGetKey } from 'jose';
import { EndpointRoute } from '../../http/endpoint-route.js';
import {
  GLOBAL_REVOCATION_OPTIONS,
  GLOBAL_REVOCATION_SCOPE,
  type ResolvedOptions,
} from '../../options/global-revocation.options.js';
import type { ResolvedIdentityProvider } from '../../options/identity-providers.options.js';
import type { Assertion } from './assertion.js';
import { type AssertionRule, checkAssertion, refusal } from './assertion-check.js';
import type { Caller } from '../caller.js';
import { keysOfIdentityProvider } from '../keys/key-sources.js';
import { RemoteJwks } from '../keys/remote-jwks.js';

/** `typ` of an identity provider's signed request. */
export const SIGNED_REQUEST_TYPE = 'global-token-revocation+jwt';

/** @see https://developer.okta.com/docs/guides/oin-universal-logout-overview/ */
const LIFETIME_SECONDS = 300;

/** The configured identity providers. */
@Injectable()
export class IdentityProviders {
  private readonly identityProviders: ReadonlyArray<ResolvedIdentityProvider & { source: JWTVerifyGetKey }>;

  constructor(
    @Inject(GLOBAL_REVOCATION_OPTIONS) { identityProviders }: ResolvedOptions,
    @Inject(EndpointRoute) private readonly route: EndpointRoute,
    @Inject(RemoteJwks) remote: RemoteJwks,
  ) {
    this.identityProviders = identityProviders.map((each) => ({
      ...each,
      source: keysOfIdentityProvider(remote, each.keys),
    }));
  }

  /** Returns whether an assertion without a specific `typ` belongs to an identity provider that accepts such assertions. */
  takesUntyped({ claims }: Assertion): boolean {
    return this.find(claims)?.acceptUntyped ?? false;
  }

  /**
   * Authenticates an identity provider by its signed request. A configured identity provider has the scope.
   *
   * @throws RevocationError of the failed check, `unavailable`
   * @see draft-parecki-oauth-global-token-revocation-06 §3.5
   */
  async authenticate(assertion: Assertion, bodyHash: string): Promise<Caller> {
    const identityProvider = this.find(assertion.claims);
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

  /** Returns the only identity provider that can have issued a signed request with these claims. */
  private find({ iss, sub }: JWTPayload) {
    const own = this.of(iss);
    const found = own.find(({ subject }) => subject === sub) ?? (own.length === 1 ? own[0] : undefined);
    return found && this.prepared(found, { audience: found.audience ?? this.route.url(), claims: ['sub', 'iat'] });
  }

  /** Returns the only identity provider that can have issued a logout token with these claims. */
  findForLogout({ iss, aud }: JWTPayload) {
    const found = this.of(iss).find(({ logoutClientId: id }) => id !== undefined && [aud].flat().includes(id));
    if (!found) return undefined;
    const rule = { audience: found.logoutClientId!, subject: undefined, claims: ['iat', 'events'] };
    return this.prepared(found, rule);
  }

  private of(iss: string | undefined) {
    return this.identityProviders.filter(({ issuers }) => iss !== undefined && issuers.includes(iss));
  }

  /** Adds everything needed to check assertions. */
  private prepared(
    found: (typeof this.identityProviders)[number],
    own: Pick<AssertionRule, 'audience' | 'claims'> & Partial<AssertionRule>,
  ) {
    const rule: AssertionRule = {
      keys: found.source,
      algorithms: found.algorithms,
      subject: found.subject,
      toleranceSeconds: found.clockToleranceSeconds,
      lifetimeSeconds: LIFETIME_SECONDS,
      ...own,
    };
    return { ...found, rule };
  }
}
