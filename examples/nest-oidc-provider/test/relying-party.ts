import * as oidc from 'openid-client';

const callback = 'http://localhost:3001/callback';

/** A client of the provider, with a browser that types into the login page. */
export class RelyingParty {
  private constructor(readonly config: oidc.Configuration) {}

  static async discover(issuer: string, id: string, secret: string): Promise<RelyingParty> {
    const options = { execute: [oidc.allowInsecureRequests] };
    return new RelyingParty(await oidc.discovery(new URL(issuer), id, secret, oidc.ClientSecretBasic(secret), options));
  }

  /** @returns tokens, and the browser's cookies */
  async signIn(email: string, password: string): Promise<{ tokens: oidc.TokenEndpointResponse; cookies: Cookies }> {
    const verifier = oidc.randomPKCECodeVerifier();
    const cookies: Cookies = new Map();
    const request = oidc.buildAuthorizationUrl(this.config, {
      redirect_uri: callback,
      scope: 'openid offline_access email',
      prompt: 'consent',
      code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    });
    const login = await follow(request, cookies);
    const back = await follow(login, cookies, { method: 'POST', body: new URLSearchParams({ email, password }) });
    return { tokens: await oidc.authorizationCodeGrant(this.config, back, { pkceCodeVerifier: verifier }), cookies };
  }

  /** Error of an authorization request that may ask nobody. */
  async silently(cookies: Cookies): Promise<string | null> {
    const parameters = { redirect_uri: callback, scope: 'openid', prompt: 'none', response_type: 'code' };
    const pkce = {
      code_challenge: await oidc.calculatePKCECodeChallenge('x'.repeat(43)),
      code_challenge_method: 'S256',
    };
    const url = await follow(oidc.buildAuthorizationUrl(this.config, { ...parameters, ...pkce }), new Map(cookies));
    return url.searchParams.get('error');
  }

  async isActive(token: string): Promise<boolean> {
    return (await oidc.tokenIntrospection(this.config, token)).active;
  }

  refresh(token: string): Promise<oidc.TokenEndpointResponse> {
    return oidc.refreshTokenGrant(this.config, token);
  }
}

export type Cookies = Map<string, string>;

/** Follows redirects to the first page, or to the client. */
async function follow(url: URL, cookies: Cookies, init: RequestInit = {}): Promise<URL> {
  if (url.href.startsWith(callback)) return url;
  const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  const response = await fetch(url, { ...init, redirect: 'manual', headers: { cookie } });
  for (const line of response.headers.getSetCookie()) {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
    if (value === '') cookies.delete(name);
    else cookies.set(name, value);
  }
  const location = response.headers.get('location');
  return location === null ? url : follow(new URL(location, url), cookies);
}
