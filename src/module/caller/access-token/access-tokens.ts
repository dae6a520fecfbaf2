import { Inject, Injectable } from '@nestjs/common';
import { EndpointRoute } from '../../http/endpoint-route.js';
import { GLOBAL_REVOCATION_OPTIONS, type ResolvedOptions } from '../../options/global-revocation.options.js';
import { RevocationError } from '../../revocation.errors.js';
import type { AccessTokenLookup, IssuedToken } from './issued-token.js';
import { isJwtAccessToken, jwtAccessTokens } from './jwt-access-tokens.js';

/**
 * The access tokens of this authorization server. Callers may use them once the server says where they are.
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
   * Offers access tokens to callers: their method is published, and what they present is looked up here. What says that it is
   * a JWT (`at+jwt`) is not: such tokens are checked as the option `jwtAccessTokens` says.
   *
   * @param lookup finds live tokens only, with what each is bound to
   */
  offer(lookup: AccessTokenLookup): void {
    this.lookup = lookup;
  }

  /**
   * The live token of this value; undefined when there is none.
   *
   * @throws RevocationError `unavailable` when it cannot be looked up
   */
  async find(value: string): Promise<IssuedToken | undefined> {
    try {
      return await (isJwtAccessToken(value) ? this.jwts?.(value) : this.lookup?.(value));
    } catch (cause) {
      throw new RevocationError('unavailable', { cause });
    }
  }
}
