import * as oidc from 'openid-client';
import { beforeAll, expect, test } from 'vitest';
import { Browser } from '../../support/browser.js';
import { describeEachDatabase } from '../../support/databases.js';
import { basic } from '../../support/operator.js';
import { alice, demoApp, demoNoScope, demoOperator } from '../../support/people.js';
import { oauthError, RelyingParty, type Tokens } from '../../support/relying-party.js';
import { walkThrough } from '../../support/sign-in.js';
import { serverFixture } from '../../support/server.js';

describeEachDatabase('RFC 7662 §2.2: tokens', (database) => {
  const server = serverFixture(database);
  let app: RelyingParty;

  beforeAll(async () => {
    app = await RelyingParty.discover(server);
  });

  const signIn = (more?: Record<string, string>): Promise<Tokens> => app.signIn(new Browser(server.url), alice, more);
  const isActive = async (token: string): Promise<boolean> => (await app.introspect(token)).active;

  test('refresh rotates tokens, and reuse of the old refresh token ends the family', async () => {
    const first = await signIn();
    const second = await app.refresh(first.refresh_token!);
    expect(second.refresh_token).not.toBe(first.refresh_token);
    expect(await isActive(first.refresh_token!)).toBe(false);
    expect(await isActive(second.access_token)).toBe(true);

    expect(await oauthError(app.refresh(first.refresh_token!))).toBe('invalid_grant');
    for (const token of [first.access_token, second.access_token, second.refresh_token!]) {
      expect(await isActive(token)).toBe(false);
    }
    expect(await oauthError(app.refresh(second.refresh_token!))).toBe('invalid_grant');
  });

  test('a code redeemed twice is rejected and ends the tokens of its first use', async () => {
    const { request, page } = await app.code(new Browser(server.url), alice);
    const tokens = await app.redeem(request, page);
    expect(await oauthError(app.redeem(request, page))).toBe('invalid_grant');
    expect(await isActive(tokens.access_token)).toBe(false);
  });

  test('a code with another verifier is rejected', async () => {
    const { request, page } = await app.code(new Browser(server.url), alice);
    const verifier = oidc.randomPKCECodeVerifier();
    expect(await oauthError(app.redeem({ ...request, verifier }, page))).toBe('invalid_grant');
  });

  test('an authorization request without PKCE is rejected', async () => {
    const { url } = await app.request();
    url.searchParams.delete('code_challenge');
    url.searchParams.delete('code_challenge_method');
    const page = await new Browser(server.url).open(url);
    expect(page.url.searchParams.get('error')).toBe('invalid_request');
  });

  test.each(['access_token', 'refresh_token'] as const)('%s revoked at /token/revocation is rejected', async (kind) => {
    const tokens = await signIn();
    await oidc.tokenRevocation(app.config, tokens[kind]!, { token_type_hint: kind });
    expect(await isActive(tokens[kind]!)).toBe(false);
    expect((await app.userinfo(tokens.access_token)).status).toBe(401);
    expect(await oauthError(app.refresh(tokens.refresh_token!))).toBe('invalid_grant');
  });

  test('another client cannot revoke a token', async () => {
    const tokens = await signIn();
    const other = await RelyingParty.discover(server, demoOperator);
    await oidc.tokenRevocation(other.config, tokens.access_token).catch(() => {});
    expect(await isActive(tokens.access_token)).toBe(true);
  });

  test('client credentials give a token without a user and with the requested scope', async () => {
    const operator = await RelyingParty.discover(server, demoOperator);
    const tokens = await oidc.clientCredentialsGrant(operator.config, { scope: 'global_token_revocation' });
    const answer = await operator.introspect(tokens.access_token);
    expect(answer).toMatchObject({ active: true, client_id: 'demo-operator', scope: 'global_token_revocation' });
    expect(answer.sub).toBeUndefined();
    expect(tokens.refresh_token).toBeUndefined();
    const other = await RelyingParty.discover(server, demoNoScope);
    const refused = oidc.clientCredentialsGrant(other.config, { scope: 'global_token_revocation' });
    expect(await oauthError(refused)).toBe('invalid_scope');
  });

  test('a client with a wrong secret gets invalid_client', async () => {
    const answer = await fetch(`${server.url}/token`, {
      method: 'POST',
      headers: { authorization: basic(demoOperator.clientId, demoApp.secret) },
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
    });
    expect(answer.status).toBe(401);
    expect(await answer.json()).toMatchObject({ error: 'invalid_client' });
  });

  test('userinfo returns the claims of the allowed scopes', async () => {
    const all = await app.userinfo((await signIn()).access_token);
    expect(await all.json()).toEqual({
      sub: alice.id,
      name: alice.name,
      preferred_username: alice.uid,
      email: alice.email,
      phone_number: alice.phone,
    });
    const few = await app.userinfo((await signIn({ scope: 'openid email' })).access_token);
    expect(await few.json()).toEqual({ sub: alice.id, email: alice.email });
  });

  test('userinfo returns 401 with a challenge without a token or with a wrong one', async () => {
    const answer = await app.userinfo('wrong');
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer .*error="invalid_token"/);
    expect((await fetch(`${server.url}/me`)).status).toBeGreaterThanOrEqual(400);
  });

  test('the ID token is signed by a published key for this application and request', async () => {
    const request = await app.request({ nonce: 'n-1', max_age: '60' });
    const browser = new Browser(server.url);
    const { url } = await walkThrough(browser, await browser.open(request.url), alice);
    const checks = {
      pkceCodeVerifier: request.verifier,
      expectedState: request.state,
      expectedNonce: 'n-1',
      maxAge: 60,
    };
    const tokens = await oidc.authorizationCodeGrant(app.config, url, { ...checks, idTokenExpected: true });
    const payload = tokens.claims()!;
    expect(payload).toMatchObject({
      iss: server.url,
      aud: demoApp.clientId,
      sub: alice.id,
      nonce: 'n-1',
      auth_time: expect.any(Number) as number,
    });
    expect(payload).not.toHaveProperty('email');
  });

  test('the JWKS contains public members only', async () => {
    const answer = await fetch(app.config.serverMetadata().jwks_uri!);
    const { keys } = (await answer.json()) as { keys: Array<Record<string, unknown>> };
    expect(keys.length).toBeGreaterThan(0);
    for (const key of keys) {
      expect(key['kid']).toEqual(expect.any(String));
      for (const member of ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k', 'priv'])
        expect(key).not.toHaveProperty(member);
    }
  });
});
