import * as oidc from 'openid-client';
import { beforeAll, expect, test } from 'vitest';
import { Browser } from '../../support/browser.js';
import { describeEachDatabase } from '../../support/databases.js';
import { revokePerson } from '../../support/operator.js';
import { alice, bob, type Person } from '../../support/people.js';
import { Device, RelyingParty, type Tokens } from '../../support/relying-party.js';
import { serverFixture } from '../../support/server.js';
import { walkThrough } from '../../support/sign-in.js';

const resource = 'https://api.example.com';

describeEachDatabase('R6: access tokens of users', (database) => {
  const server = serverFixture(database, { settings: { jwtAudiences: [] } });
  let app: RelyingParty;

  beforeAll(async () => {
    app = await RelyingParty.discover(server);
  });

  /** One token of each way there is, with a resource named wherever a request could name one. */
  async function everyWay(person: Person): Promise<Record<string, Tokens>> {
    const browser = new Browser(server.url);
    const code = await app.signIn(browser, person, { resource });
    const request = await app.request({ resource });
    const pushed = await oidc.buildAuthorizationUrlWithPAR(app.config, Object.fromEntries(request.url.searchParams));
    const page = await walkThrough(browser, await browser.open(pushed), person);
    const checks = { pkceCodeVerifier: request.verifier, expectedState: request.state };
    const device = await Device.discover(server);
    const started = await device.start();
    await device.approve(browser, started, person);
    return {
      code,
      pushed: await oidc.authorizationCodeGrant(app.config, page.url, checks, { resource }),
      device: await device.poll(started),
      refresh: await oidc.refreshTokenGrant(app.config, code.refresh_token!, { resource }),
    };
  }

  test('R6: every grant with a resource issues an opaque token without a resource', async () => {
    for (const [way, tokens] of Object.entries(await everyWay(alice))) {
      expect(tokens.access_token, way).toMatch(/^[\w-]{43}$/);
      const { active, aud, sub } = await app.introspect(tokens.access_token);
      expect({ active, aud, sub }, way).toEqual({ active: true, aud: undefined, sub: alice.id });
    }
  });

  test('R6: tokens of every grant with a resource are rejected at once after a revocation', async () => {
    const tokens = await everyWay(bob);
    await revokePerson(server, bob);
    for (const [way, { access_token: token }] of Object.entries(tokens)) {
      expect((await app.introspect(token)).active, way).toBe(false);
      expect((await app.userinfo(token)).status, way).toBe(401);
    }
  });
});
