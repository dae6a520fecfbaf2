import { Inject, Injectable } from '@nestjs/common';
import { EndpointRoute } from '../../http/endpoint-route.js';
import { GLOBAL_REVOCATION_OPTIONS, type ResolvedOptions } from '../../options/global-revocation.options.js';
import { RevocationError } from '../../revocation.errors.js';
import type { AccessTokenLookup, IssuedToken } from './issued-token.js';
import { isJwtAccessToken, jwtAccessTokens } from './jwt-access-tokens.js';

/**
 * Access tokens of this authorization server as caller credentials. Off until the server offers a look-up or public keys.
 *
 * @see RFC 6749 §4.4, RFC 6750 §2.1
 * @publicApi
 */
@Injectable()
export class AccessTokens {
  private readonly jwts: AccessTokenLookup | undefined;
  private lookup?: AccessTokenLookup;

  constructor(
    @Inject(GLOBAL_REVOCATION_OPTIONS) { issuer, jwtAccessTokens: jwts }: ResolvedOptions,
    @Inject(EndpointRoute) route: EndpointRoute,
  ) {
    this.jwts = jwts && jwtAccessTokens(issuer, jwts, () => jwts.audience ?? route.url());
  }

  /** Whether callers may authenticate with access tokens. */
  get isOffered(): boolean {
    return (this.lookup ?? this.jwts) !== undefined;
  }

  /**
   * Lets callers authenticate with access tokens and publishes the method. JWTs (`at+jwt`) do not use this look-up; the
   * option `jwtAccessTokens` covers them.
   *
   * @param lookup returns live tokens only, with their binding
   */
  offer(lookup: AccessTokenLookup): void {
    this.lookup = lookup;
  }

  /**
   * Returns the live token with this value, or undefined.
   *
   * @throws RevocationError `unavailable` if the look-up fails
   */
  async find(value: string): Promise<IssuedToken | undefined> {
    try {
      return await (isJwtAccessToken(value) ? this.jwts?.(value) : this.lookup?.(value));
    } catch (cause) {
      throw new RevocationError('unavailable', { cause });
    }
  }
}
