import { Inject, Injectable } from '@nestjs/common';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import * as oidc from 'openid-client';
import { DEMO_SHOP_PATH, demoShopClient } from '../../demo-data.js';
import { DEMO_OPTIONS, type DemoOptions } from '../demo.options.js';
import { type Departure, OidcClient } from '../oidc-client.js';
import type { Pending } from '../visits.js';
import type { Logout, ShopPerson } from './shop-sessions.js';

const EVENT = 'http://schemas.openid.net/event/backchannel-logout';

/** The provider from the view of the second application: sign-in and logout tokens. */
@Injectable()
export class ShopClient {
  private readonly client: OidcClient;
  private keys?: ReturnType<typeof createRemoteJWKSet>;
  /** `exp` of accepted logout tokens that have not expired, by `jti`. */
  private readonly accepted = new Map<string, number>();

  constructor(@Inject(DEMO_OPTIONS) { issuer }: DemoOptions) {
    this.client = new OidcClient(issuer, demoShopClient(issuer), `${issuer}/${DEMO_SHOP_PATH}/callback`);
  }

  /** Starts a sign-in, which needs no password while the person has a session at the provider. */
  signIn(): Promise<Departure> {
    return this.client.depart({ scope: 'openid profile' });
  }

  /** Redeems the code that the browser brought back. It gets a session here, and the tokens are thrown away. */
  async redeem(reply: URLSearchParams, state: string, pending: Pending & { kind: 'sign-in' }): Promise<ShopPerson> {
    const tokens = await this.client.redeem(reply, state, pending);
    const { sub, sid } = tokens.claims()!;
    const { name = sub } = await oidc.fetchUserInfo(await this.client.config(), tokens.access_token, sub);
    return { sub, name, ...(typeof sid === 'string' && { sid }) };
  }

  /**
   * Verifies a logout token, which is accepted once. A copy of it could otherwise end a newer session.
   *
   * @throws Error if it is not a valid one
   * @see OpenID.Back-Channel §2.6
   */
  async verify(token: string): Promise<Logout> {
    const metadata = (await this.client.config()).serverMetadata();
    this.keys ??= createRemoteJWKSet(new URL(metadata.jwks_uri!));
    const { payload } = await jwtVerify<Logout & { events: Record<string, unknown> }>(token, this.keys, {
      issuer: metadata.issuer,
      audience: demoShopClient(metadata.issuer).clientId,
      typ: 'logout+jwt',
      algorithms: ['RS256', 'ES256'],
      requiredClaims: ['iat', 'exp', 'jti', 'events'],
    });
    const { sub, sid, events, jti, exp } = payload;
    if (typeof events[EVENT] !== 'object' || events[EVENT] === null) throw new Error('the token is not a logout token');
    if ('nonce' in payload) throw new Error('the logout token has a nonce');
    if (sub === undefined && sid === undefined) throw new Error('the logout token has neither sub nor sid');
    for (const [known, until] of this.accepted) if (until * 1000 < Date.now()) this.accepted.delete(known);
    if (this.accepted.has(jti!)) throw new Error('the jti of the logout token was used before');
    this.accepted.set(jti!, exp!);
    return { ...(sub !== undefined && { sub }), ...(sid !== undefined && { sid }) };
  }
}
