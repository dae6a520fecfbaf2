import { Inject, Injectable } from '@nestjs/common';
import { GLOBAL_REVOCATION_SCOPE } from '../../options/global-revocation.options.js';
import type { Assertion } from './assertion.js';
import { checkAssertion, refusal } from './assertion-check.js';
import type { Caller } from '../caller.js';
import { Connections } from './connections.js';

/** `typ` of the JWTs of connections. */
export const CONNECTION_TYPE = 'global-token-revocation+jwt';

/**
 * Identity providers that sign their calls.
 *
 * @see https://developer.okta.com/docs/guides/oin-universal-logout-overview/
 * @see draft-parecki-oauth-global-token-revocation-06 §3.5
 */
@Injectable()
export class ConnectionAssertionStrategy {
  constructor(@Inject(Connections) private readonly connections: Connections) {}

  /** Whether a JWT without a `typ` of its own is for a connection: one that takes such has its issuer. */
  takesUntyped({ claims }: Assertion): boolean {
    return this.connections.find(claims)?.acceptUntyped ?? false;
  }

  /**
   * The connection an assertion is of. To be configured for exactly this implies the scope.
   *
   * @throws RevocationError of the check that fails, `unavailable`
   */
  async authenticate(assertion: Assertion, bodyHash: string): Promise<Caller> {
    const connection = this.connections.find(assertion.claims);
    if (!connection) throw refusal(assertion, 'assertionUntrusted', 'no connection has this iss and sub');
    const { id, limits, rule } = connection;
    const { keyId, jti, expiresAt } = await checkAssertion(assertion, rule);
    return {
      id,
      method: CONNECTION_TYPE,
      scopes: new Set([GLOBAL_REVOCATION_SCOPE]),
      keyId,
      limits,
      assertion: { issuer: assertion.claims.iss!, jti, expiresAt, bodyHash },
    };
  }
}
