import { buildAuthorizationUrlWithPAR } from 'openid-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Browser } from '../../support/browser.js';
import { describeEachDatabase } from '../../support/databases.js';
import { alice, bob } from '../../support/people.js';
import { Device, oauthError, RelyingParty } from '../../support/relying-party.js';
import { startServer, type TestServer } from '../../support/server.js';

const TIMES = 50;

describeEachDatabase('R9: what may be used once', (database) => {
  let server: TestServer;
  let app: RelyingParty;
  let browser: Browser;

  beforeAll(async () => {
    server = await startServer(database);
    app = await RelyingParty.discover(server);
    browser = new Browser(server.url);
    await app.signIn(browser, alice);
  });
  afterAll(() => server.stop());

  /** How often each outcome came, all requests at once. */
  async function outcomes(use: () => Promise<string | undefined>): Promise<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (const outcome of await Promise.all(Array.from({ length: TIMES }, use))) {
      counts[outcome ?? 'success'] = (counts[outcome ?? 'success'] ?? 0) + 1;
    }
    return counts;
  }

  test('R9: one code redeemed 50 times at once → exactly one success', async () => {
    const { request, page } = await app.code(browser, alice);
    expect(await outcomes(() => oauthError(app.redeem(request, page)))).toEqual({ success: 1, invalid_grant: 49 });
  });

  test('R9: one refresh token used 50 times at once → exactly one success', async () => {
    const { refresh_token: token } = await app.signIn(new Browser(server.url), bob);
    expect(await outcomes(() => oauthError(app.refresh(token!)))).toEqual({ success: 1, invalid_grant: 49 });
  });

  test('R9: one approved device code polled 50 times at once → exactly one success', async () => {
    const device = await Device.discover(server);
    const started = await device.start();
    await device.approve(browser, started, alice);
    expect(await outcomes(() => oauthError(device.poll(started)))).toEqual({ success: 1, invalid_grant: 49 });
  });

  test('R9: one pushed request opened 50 times at once → exactly one code', async () => {
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
