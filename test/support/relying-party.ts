import * as oidc from 'openid-client';
import { Browser, formTo, type Page } from './browser.js';
import { callback, demoApp, demoDevice, type Person } from './people.js';
import type { TestServer } from './server.js';
import { walkThrough } from './sign-in.js';

export type Tokens = oidc.TokenEndpointResponse & oidc.TokenEndpointResponseHelpers;

/** An authorization request that is under way. */
export interface Request {
  url: URL;
  verifier: string;
  state: string;
}

const SCOPE = 'openid offline_access profile email phone';

/** The demo application: `openid-client` against the server, HTTP only. */
export class RelyingParty {
  private constructor(
    readonly config: oidc.Configuration,
    readonly server: TestServer,
  ) {}

  static async discover(
    server: TestServer,
    client: { clientId: string; secret: string } = demoApp,
  ): Promise<RelyingParty> {
    const options = { execute: [oidc.allowInsecureRequests] };
    const auth = oidc.ClientSecretBasic(client.secret);
    const config = await oidc.discovery(new URL(server.url), client.clientId, undefined, auth, options);
    return new RelyingParty(config, server);
  }

  /** A relying party that knows the endpoints without asking. */
  static offline(server: TestServer): RelyingParty {
    const metadata = { issuer: server.url, authorization_endpoint: `${server.url}/auth` };
    return new RelyingParty(new oidc.Configuration(metadata, demoApp.clientId), server);
  }

  async request(more: Record<string, string> = {}): Promise<Request> {
    const verifier = oidc.randomPKCECodeVerifier();
    const state = oidc.randomState();
    const url = oidc.buildAuthorizationUrl(this.config, {
      redirect_uri: callback,
      scope: SCOPE,
      prompt: 'consent',
      state,
      code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      ...more,
    });
    return { url, verifier, state };
  }

  /** The same request pushed first. @see RFC 9126 */
  async pushedRequest(): Promise<Request> {
    const { url, verifier, state } = await this.request();
    const pushed = await oidc.buildAuthorizationUrlWithPAR(this.config, Object.fromEntries(url.searchParams));
    return { url: pushed, verifier, state };
  }

  /** Redeems the code in the address the browser was sent back to. @param more parameters of the token request */
  redeem({ verifier, state }: Request, page: Pick<Page, 'url'>, more: Record<string, string> = {}): Promise<Tokens> {
    const checks = { pkceCodeVerifier: verifier, expectedState: state };
    return oidc.authorizationCodeGrant(this.config, page.url, checks, more);
  }

  /** A whole sign-in. */
  async signIn(browser: Browser, person: Person, more: Record<string, string> = {}): Promise<Tokens> {
    const request = await this.request(more);
    return this.redeem(request, await walkThrough(browser, await browser.open(request.url), person));
  }

  /** A code that was handed out and not redeemed yet. */
  async code(browser: Browser, person: Person): Promise<{ request: Request; page: Page }> {
    const request = await this.request();
    return { request, page: await walkThrough(browser, await browser.open(request.url), person) };
  }

  /** Silent authentication. @see OpenID Connect Core 1.0 §3.1.2.1 */
  async silently(browser: Browser): Promise<Page> {
    const { url } = await this.request({ prompt: 'none', scope: 'openid' });
    return browser.open(url);
  }

  refresh(token: string, more: Record<string, string> = {}): Promise<Tokens> {
    return oidc.refreshTokenGrant(this.config, token, more);
  }

  introspect(token: string): Promise<oidc.IntrospectionResponse> {
    return oidc.tokenIntrospection(this.config, token);
  }

  userinfo(accessToken: string): Promise<Response> {
    return fetch(`${this.server.url}/me`, { headers: { authorization: `Bearer ${accessToken}` } });
  }
}

/** The demo device. @see RFC 8628 */
export class Device {
  private constructor(private readonly party: RelyingParty) {}

  /** @param through what asks the server. @default fetch */
  static async discover(server: TestServer, through?: oidc.CustomFetch): Promise<Device> {
    const party = await RelyingParty.discover(server, demoDevice);
    if (through) party.config[oidc.customFetch] = through;
    return new Device(party);
  }

  start(): Promise<oidc.DeviceAuthorizationResponse> {
    return oidc.initiateDeviceAuthorization(this.party.config, { scope: SCOPE, prompt: 'consent' });
  }

  /** A person types the user code and approves it. */
  async approve(browser: Browser, { user_code }: oidc.DeviceAuthorizationResponse, person: Person): Promise<Page> {
    return walkThrough(browser, await this.confirm(browser, user_code), person);
  }

  /** A person types the user code and confirms it. */
  async confirm(browser: Browser, userCode: string): Promise<Page> {
    const input = await browser.open('/device');
    const confirm = await browser.submit(input, formTo(input, '/device'), { user_code: userCode });
    return browser.submit(confirm, formTo(confirm, '/device'), { confirm: 'yes' });
  }

  refresh(token: string): Promise<Tokens> {
    return this.party.refresh(token);
  }

  /** One poll, at once. */
  async poll({ device_code }: oidc.DeviceAuthorizationResponse): Promise<Tokens> {
    return oidc.genericGrantRequest(this.party.config, 'urn:ietf:params:oauth:grant-type:device_code', { device_code });
  }
}

/** The OAuth error a request ends in; undefined when it succeeds. */
export async function oauthError(request: Promise<unknown>): Promise<string | undefined> {
  try {
    await request;
    return undefined;
  } catch (error) {
    if (error instanceof oidc.ResponseBodyError) return error.error;
    throw error;
  }
}
