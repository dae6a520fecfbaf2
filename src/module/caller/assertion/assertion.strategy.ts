import { Inject, Injectable } from '@nestjs/common';
import { sha256Hex } from '../../database/digest.js';
import { type Assertion, readAssertion } from './assertion.js';
import { refusal } from './assertion-check.js';
import type { Caller } from '../caller.js';
import { ClientAssertionStrategy } from './client-assertion.strategy.js';
import { IdentityProviders, SIGNED_REQUEST_TYPE } from './identity-providers.js';
import { ACCESS_TOKEN_TYPE } from '../access-token/jwt-access-tokens.js';
import { UsedAssertions } from './used-assertions.js';

/** Accepted `typ` of a client's assertion; empty if absent. @see RFC 7519 §5.1, draft-ietf-oauth-rfc7523bis-11 §4 */
const CLIENT_TYPES = ['client-authentication+jwt', 'jwt', ''];

/**
 * Authenticates callers that sign a JWT. `typ` selects the strategy; if it is generic, `iss` does.
 *
 * @see RFC 8725 §3.11
 * @publicApi
 */
@Injectable()
export class AssertionStrategy {
  constructor(
    @Inject(ClientAssertionStrategy) private readonly clients: ClientAssertionStrategy,
    @Inject(IdentityProviders) private readonly identityProviders: IdentityProviders,
    @Inject(UsedAssertions) private readonly used: UsedAssertions,
  ) {}

  /**
   * Returns the assertion in an `Authorization` header, or undefined for another scheme or token type.
   *
   * @throws RevocationError `assertionMalformed`
   */
  read(authorization: string): Assertion | undefined {
    const token = /^Bearer +([\w.-]+)$/i.exec(authorization)?.[1];
    const assertion = token === undefined ? undefined : readAssertion(token);
    return assertion?.type === ACCESS_TOKEN_TYPE ? undefined : assertion;
  }

  /** Returns the unverified `iss` of the assertion in an `Authorization` header, or undefined. */
  issuerOf(authorization: string): string | undefined {
    try {
      const { iss }: { iss?: unknown } = this.read(authorization)?.claims ?? {};
      return typeof iss === 'string' ? iss : undefined;
    } catch {
      return undefined; // malformed
    }
  }

  /** @throws RevocationError of the failed check; `assertionReplayed` if it was used with a different body */
  async authenticate(assertion: Assertion, body: Uint8Array): Promise<Caller> {
    const caller = await this.strategyFor(assertion).authenticate(assertion, sha256Hex(body));
    if (caller.assertion) await this.used.refuseOtherBody(caller.assertion);
    return caller;
  }

  /** Claims `events` are those of a logout token or security event. @see RFC 8417 §2.2, RFC 8725 §3.12 */
  private strategyFor(assertion: Assertion): ClientAssertionStrategy | IdentityProviders {
    if (assertion.type === SIGNED_REQUEST_TYPE) return this.identityProviders;
    if (CLIENT_TYPES.includes(assertion.type) && !('events' in assertion.claims)) {
      return this.identityProviders.takesUntyped(assertion) ? this.identityProviders : this.clients;
    }
    throw refusal(assertion, 'assertionType');
  }
}
