import { calculatePKCECodeChallenge, randomPKCECodeVerifier } from 'openid-client';
import { CookieJar } from 'tough-cookie';
import { callback, demoApp } from './people.js';
import { encode, formHeaders, send } from './race-http.js';
import type { TestServer } from './server.js';

/** The form that redeems something at the token endpoint. */
export type Grant = Record<string, string>;

/** A browser with one session of a person. It posts the forms without opening the pages: a race needs many sign-ins. */
export class QuickBrowser {
  private readonly jar = new CookieJar();

  constructor(private readonly server: Pick<TestServer, 'url'>) {}

  /** Signs in. @param resource API that the tokens are for @returns a code with offline access */
  async signIn({ uid: identifier, password }: { uid: string; password: string }, resource?: string): Promise<Grant> {
    const { url, verifier } = await this.request(resource);
    return this.allow(await this.go(new URL(`${url.pathname}/login`, url), { identifier, password }), verifier);
  }

  private async request(resource?: string): Promise<{ url: URL; verifier: string }> {
    const verifier = randomPKCECodeVerifier();
    const query = encode({
      client_id: demoApp.clientId,
      response_type: 'code',
      redirect_uri: callback,
      scope: 'offline_access',
      prompt: 'consent',
      code_challenge: await calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      ...(resource !== undefined && { resource }),
    });
    return { url: await this.go(new URL(`/auth?${query}`, this.server.url)), verifier };
  }

  private async allow(consent: URL, code_verifier: string): Promise<Grant> {
    const { searchParams } = await this.go(new URL(`${consent.pathname}/consent`, consent), {});
    const code = searchParams.get('code');
    if (!code) throw new Error(`no code: ${searchParams}`);
    return { grant_type: 'authorization_code', code, code_verifier, redirect_uri: callback };
  }

  /** Follows redirects up to a page for the person or the application. */
  private async go(url: URL, form?: Record<string, string>): Promise<URL> {
    const headers = { cookie: await this.jar.getCookieString(url.href), ...(form && formHeaders()) };
    const answer = await send(url, { method: form ? 'POST' : 'GET', headers }, form && encode(form));
    for (const line of answer.headers['set-cookie'] ?? []) {
      await this.jar.setCookie(line, url.href, { ignoreError: true });
    }
    if (!answer.headers.location) throw new Error(`no redirect: ${answer.status} ${url}\n${answer.body}`);
    const next = new URL(answer.headers.location, url);
    const isOver = next.origin !== url.origin || next.pathname.startsWith('/interaction/');
    return isOver ? next : this.go(next);
  }
}
