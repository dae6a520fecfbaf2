import * as oidc from 'openid-client';
import { beforeAll, expect, test } from 'vitest';
import { Browser } from '../../support/browser.js';
import { describeEachDatabase } from '../../support/databases.js';
import { alice } from '../../support/people.js';
import { oauthError, RelyingParty } from '../../support/relying-party.js';
import { serverFixture } from '../../support/server.js';
import { walkThrough } from '../../support/sign-in.js';

describeEachDatabase('a large authorization request', (database) => {
  const server = serverFixture(database);
  let app: RelyingParty;

  beforeAll(async () => {
    app = await RelyingParty.discover(server);
  });

  const push = async (length: number) => {
    const request = await app.request({ login_hint: 'x'.repeat(length) });
    return {
      ...request,
      url: await oidc.buildAuthorizationUrlWithPAR(app.config, Object.fromEntries(request.url.searchParams)),
    };
  };

  test('keeps a pushed request of 20 KiB complete, and the sign-in succeeds', async () => {
    const request = await push(20 * 1024);
    const browser = new Browser(server.url);
    const tokens = await app.redeem(request, await walkThrough(browser, await browser.open(request.url), alice));
    expect((await app.introspect(tokens.access_token)).active).toBe(true);
  });

  test('rejects a pushed request of 50 KiB with invalid_request', async () => {
    expect(await oauthError(push(50 * 1024))).toBe('invalid_request');
  });
});
