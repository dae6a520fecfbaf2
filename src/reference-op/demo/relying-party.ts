import { Inject, Injectable } from '@nestjs/common';
import * as oidc from 'openid-client';
import { DEMO_PATH, demoPageClient } from '../demo-data.js';
import { DEMO_OPTIONS, type DemoOptions } from './demo.options.js';
import { newSignIn, notAsked, type SignIn } from './sign-in.js';
import { type Departure, OidcClient } from './oidc-client.js';
import type { Pending } from './visits.js';

const SCOPE = 'openid offline_access profile email';

/** The provider from the view of an application: sign-in and the questions an application can ask. */
@Injectable()
export class RelyingParty {
  private readonly client: OidcClient;

  constructor(@Inject(DEMO_OPTIONS) private readonly options: DemoOptions) {
    const { issuer } = options;
    this.client = new OidcClient(issuer, demoPageClient(issuer), `${issuer}/${DEMO_PATH}/callback`);
  }

  /** Returns the discovered configuration. */
  config(): Promise<oidc.Configuration> {
    return this.client.config();
  }

  /**
   * Starts a sign-in with an authorization code and PKCE. A refresh token needs `prompt=consent`.
   *
   * @param loginHint name of a person, who must sign in even if a person is already signed in
   * @see OpenID Connect Core 1.0 §3.1.2.1, §11
   */
  signIn(loginHint?: string): Promise<Departure> {
    return this.client.depart({
      scope: SCOPE,
      prompt: loginHint === undefined ? 'consent' : 'login consent',
      ...(loginHint !== undefined && { login_hint: loginHint }),
      ...this.forApi,
    });
  }

  /**
   * Asks about the session, which only the person's own browser can do: "is the person of this ID token signed in?" The
   * request shows nothing (`prompt=none`) and issues nothing (`response_type=none`). It is pushed, so that the ID token does
   * not pass through the browser.
   *
   * @see OpenID Connect Core 1.0 §3.1.2.1, OAuth 2.0 Multiple Response Types §4, RFC 9126 §2
   */
  async silent({ idToken }: SignIn): Promise<Departure> {
    const state = oidc.randomState();
    const url = await oidc.buildAuthorizationUrlWithPAR(await this.config(), {
      redirect_uri: this.client.redirectUri,
      scope: 'openid',
      response_type: 'none',
      prompt: 'none',
      id_token_hint: idToken,
      state,
    });
    return { url, state, pending: { kind: 'silent', question: 'prompt=none' } };
  }

  /** Returns the URL at which a person signs out of the provider. @see OpenID Connect RP-Initiated Logout 1.0 §2 */
  async signOut(): Promise<URL> {
    const { issuer } = this.options;
    return oidc.buildEndSessionUrl(await this.config(), { post_logout_redirect_uri: `${issuer}/${DEMO_PATH}` });
  }

  /** Redeems the code that the browser brought back. */
  async redeem(reply: URLSearchParams, state: string, pending: Pending & { kind: 'sign-in' }): Promise<SignIn> {
    const tokens = await this.client.redeem(reply, state, pending);
    const config = await this.config();
    const { sub } = tokens.claims()!;
    const { name, email, preferred_username: username } = await oidc.fetchUserInfo(config, tokens.access_token, sub);
    const forApi = this.options.jwtApi && (await this.refresh(config, tokens.refresh_token!));
    return newSignIn({
      person: { sub, name: name ?? username ?? sub, ...(email && { email }), ...(username && { username }) },
      accessToken: tokens.access_token,
      refreshToken: (forApi ?? tokens).refresh_token ?? '',
      ...(forApi && { jwt: { token: forApi.access_token, answer: notAsked() } }),
      idToken: tokens.id_token!,
    });
  }

  /** Gets a JWT for the API, in place of the refresh token. @see RFC 8707 §2.2 */
  private refresh(config: oidc.Configuration, token: string): Promise<oidc.TokenEndpointResponse> {
    return oidc.refreshTokenGrant(config, token, this.forApi);
  }

  private get forApi(): Record<string, string> {
    const { jwtApi } = this.options;
    return jwtApi ? { resource: jwtApi.audience } : {};
  }
}
