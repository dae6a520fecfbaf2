import { errors } from 'oidc-provider';
import { buildAuthorizationUrlWithPAR } from 'openid-client';
import { beforeAll, expect, test } from 'vitest';
import type { OidcAdapters } from '../../../src/module/oidc-provider/oidc-adapters.js';
import { OIDC_ADAPTERS } from '../../../src/reference-op/op/op.options.js';
import { tokenProof } from '../caller/bound-client.js';
import { register } from '../caller/clients.js';
import { Signer } from '../caller/signer.js';
import { Browser } from '../../support/browser.js';
import { describeEachDatabase } from '../../support/databases.js';
import { basic } from '../../support/operator.js';
import { alice, bob, demoOperator } from '../../support/people.js';
import { Device, oauthError, RelyingParty } from '../../support/relying-party.js';
import { serverFixture } from '../../support/server.js';

const TIMES = 50;

describeEachDatabase('RFC 6749 §4.1.2, RFC 9700 §4.14.2, R9: single use', (database) => {
  const server = serverFixture(database);
  let app: RelyingParty;
  let browser: Browser;

  beforeAll(async () => {
    app = await RelyingParty.discover(server);
    browser = new Browser(server.url);
    await app.signIn(browser, alice);
  });

  /** How often each outcome came, all requests at once. */
  async function outcomes(use: () => Promise<string | undefined>): Promise<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (const outcome of await Promise.all(Array.from({ length: TIMES }, use))) {
      counts[outcome ?? 'success'] = (counts[outcome ?? 'success'] ?? 0) + 1;
    }
    return counts;
  }

  test('R9: one of 50 simultaneous requests with the same code succeeds', async () => {
    const { request, page } = await app.code(browser, alice);
    expect(await outcomes(() => oauthError(app.redeem(request, page)))).toEqual({ success: 1, invalid_grant: 49 });
  });

  test('R9: one of 50 simultaneous requests with the same refresh token succeeds', async () => {
    const { refresh_token: token } = await app.signIn(new Browser(server.url), bob);
    expect(await outcomes(() => oauthError(app.refresh(token!)))).toEqual({ success: 1, invalid_grant: 49 });
  });

  test('R9: at most one of 50 simultaneous polls with an approved device code succeeds', async () => {
    const device = await Device.discover(server);
    const started = await device.start();
    await device.approve(browser, started, alice);
    // The library looks for the grant after it has consumed the code; by then another poll may have ended it.
    const { success = 0, ...refused } = await outcomes(() => oauthError(device.poll(started)));
    expect(success).toBeLessThanOrEqual(1);
    expect(refused).toEqual({ invalid_grant: TIMES - success });
  });

  test('R9: one of 50 simultaneous token requests with the same proof gets a token', async () => {
    const { clientId, secret } = demoOperator;
    const headers = { authorization: basic(clientId, secret), dpop: await tokenProof(await Signer.create(), server) };
    const body = new URLSearchParams({ grant_type: 'client_credentials' });
    const answers = await outcomes(async () => {
      const response = await fetch(`${server.url}/token`, { method: 'POST', headers, body });
      return ((await response.json()) as { error?: string }).error;
    });
    expect(answers).toEqual({ success: 1, invalid_grant: 49 });
  });

  test('R9: of two requests that both found the proof unused, the second is rejected', async () => {
    const replays = server.app.get<OidcAdapters>(OIDC_ADAPTERS)('ReplayDetection');
    const write = () => replays.upsert('seen by two', { iss: 'demo-operator' }, 60);
    await write();
    await expect(write()).rejects.toThrow(errors.InvalidGrant);
  });

  test('R9: one of 50 simultaneous token requests with the same assertion gets a token', async () => {
    const signer = await Signer.create();
    const [id, exp] = ['signing', Math.floor(Date.now() / 1000) + 60];
    const metadata = { token_endpoint_auth_method: 'private_key_jwt', jwks: signer.jwks, redirect_uris: [] };
    const grants = { grant_types: ['client_credentials'], response_types: [] };
    await register(server, id, null, { metadata: { ...metadata, ...grants } });
    const body = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: id,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: await signer.sign({ iss: id, sub: id, aud: server.url, exp, jti: 'once' }),
    });
    const answers = await outcomes(async () => {
      const response = await fetch(`${server.url}/token`, { method: 'POST', body });
      return ((await response.json()) as { error?: string }).error && 'refused';
    });
    expect(answers).toEqual({ success: 1, refused: 49 });
  });

  test('R9: one of 50 simultaneous requests with the same pushed request gets a code', async () => {
    const browser = new Browser(server.url);
    await app.signIn(browser, bob);
    const { url } = await app.request({ prompt: 'none' });
    const pushed = await buildAuthorizationUrlWithPAR(app.config, Object.fromEntries(url.searchParams));
    const answers = await outcomes(async () => {
      const response = await browser.send(pushed, { method: 'GET' });
      const { searchParams } = new URL(response.headers.get('location') ?? '', server.url);
      return searchParams.has('code') ? undefined : (searchParams.get('error') ?? String(response.status));
    });
    expect(answers).toEqual({ success: 1, invalid_request_uri: 49 });
  });
});
