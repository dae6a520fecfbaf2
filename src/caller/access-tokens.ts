import { Inject, Injectable } from '@nestjs/common';
import { EndpointRoute } from '../endpoint-route.js';
import { GLOBAL_REVOCATION_OPTIONS, type GlobalRevocationOptions } from '../global-revocation.options.js';
import { RevocationError } from '../revocation.errors.js';
import { isJwtAccessToken, jwtAccessTokens } from './jwt-access-tokens.js';

/** A live access token of this authorization server. */
export interface IssuedToken {
  /** Client it was issued to. */
  clientId: string;
  /** The token's own scope, names separated by spaces. */
  scope: string;
  /** Account id of the person it was issued for; a client's own token has none. */
  subject?: string;
  /**
   * What whoever uses it has to show: the thumbprint of a key (`jkt`) or of a certificate (`x5t#S256`). A token bound in any
   * other way is refused.
   *
   * @default not bound
   * @see RFC 7800 §3.1, RFC 9449 §6, RFC 8705 §3.1
   */
  cnf?: Readonly<Record<string, string>>;
}

/** Finds a live access token by its value, with all that it is bound to. */
export type AccessTokenLookup = (value: string) => Promise<IssuedToken | undefined>;

/** The access tokens of this authorization server. Callers may use them once the server says where they are. */
@Injectable()
export class AccessTokens {
  private readonly jwts: AccessTokenLookup | undefined;
  private lookup?: AccessTokenLookup;

  constructor(
    @Inject(GLOBAL_REVOCATION_OPTIONS) { issuer, jwtAccessTokens: jwts }: GlobalRevocationOptions,
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
   * @param lookup finds live tokens only, and none that needs a proof
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
