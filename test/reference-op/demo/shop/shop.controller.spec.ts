import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { demoShopClient } from '../../../../src/reference-op/demo-data.js';
import { loadKeys } from '../../../../src/reference-op/keys.js';
import { loadSettings } from '../../../../src/reference-op/settings/settings-load.js';
import { gracefulShutdown } from '../../../../src/reference-op/shutdown.js';
import { jwksSigner } from '../../../../src/module/index.js';
import { Signer } from '../../../module/caller/signer.js';
import { Browser, linkOf, type Page } from '../../../support/browser.js';
import { describeOneServer } from '../../../support/databases.js';
import { revokePerson } from '../../../support/operator.js';
import { alice, bob } from '../../../support/people.js';
import { serverFixture } from '../../../support/server.js';
import { walkThrough } from '../../../support/sign-in.js';

const EVENT = 'http://schemas.openid.net/event/backchannel-logout';
const headline = ({ text }: Page): string | undefined => /<h1[^>]*>([^<]*)/.exec(text)?.[1];

describeOneServer('OpenID.Back-Channel §2.5, §2.6, §2.7, §2.8: /demo/shop, a second application', (database) => {
  const server = serverFixture(database, {
    env: { GTR_BACKCHANNEL_LOGOUT: 'on' },
    beforeListen: (app) => (shutDown = gracefulShutdown(app)),
  });
  let shutDown: () => Promise<void>;

  const signIn = async (person: typeof alice): Promise<Browser> => {
    const browser = new Browser(server.url);
    const start = await browser.open('/demo/shop');
    const page = await walkThrough(browser, await browser.open(linkOf(start, 'Sign in to the shop')!), person);
    expect(headline(page)).toBe('Signed in to the shop.');
    return browser;
  };
  const read = async (browser: Browser): Promise<string | undefined> => headline(await browser.open('/demo/shop'));
  const events = (browser: Browser): Promise<Response> =>
    browser.send(new URL('/demo/shop/events', server.url), { method: 'GET' });
  const send = (token: string): Promise<Response> =>
    fetch(`${server.url}/demo/shop/backchannel-logout`, {
      method: 'POST',
      body: new URLSearchParams({ logout_token: token }),
    });

  test('ends the session of the person whom the token names, and tells the page at once', async () => {
    const [ours, other] = [await signIn(alice), await signIn(bob)];
    const told = await events(ours);
    await revokePerson(server, alice);
    expect(await told.text()).toContain('data: ended');
    expect([await read(ours), await read(other)]).toEqual(['Signed out of the shop.', 'Signed in to the shop.']);
    expect(await (await events(ours)).text()).toContain('data: ended');
  });

  const claimsFor = ({ id }: typeof alice) => {
    const now = Math.floor(Date.now() / 1000);
    return {
      ...{ iss: server.url, aud: demoShopClient(server.url).clientId, sub: id, jti: randomUUID() },
      ...{ iat: now, exp: now + 60, events: { [EVENT]: {} } },
    };
  };
  const signer = async () => {
    const settings = loadSettings({ GTR_DATA_DIR: server.dataDir, DATABASE_URL: server.databaseUrl });
    return jwksSigner((await loadKeys(settings)).signing);
  };

  test.each<[title: string, claims: object, header: object]>([
    ['another typ', {}, { typ: 'JWT' }],
    ['another aud', { aud: 'demo-page' }, {}],
    ['another iss', { iss: 'https://other.example' }, {}],
    ['an expired token', { exp: 1 }, {}],
    ['a nonce', { nonce: 'n' }, {}],
    ['another event', { events: { 'urn:x': {} } }, {}],
    ['neither sub nor sid', { sub: undefined }, {}],
  ])('rejects %s', async (_title, more, header) => {
    const [good, sign] = [claimsFor(alice), await signer()];
    const browser = await signIn(alice);
    const claims = JSON.parse(JSON.stringify({ ...good, ...more })) as object;
    expect((await send(await sign({ ...claims }, { typ: 'logout+jwt', ...header }))).status).toBe(400);
    const forged = await (await Signer.create('key-1', 'RS256')).sign(good, { typ: 'logout+jwt' });
    expect((await send(forged)).status).toBe(400);
    expect(await read(browser)).toBe('Signed in to the shop.');
    expect((await send(await sign(good, { typ: 'logout+jwt' }))).status).toBe(200);
    expect(await read(browser)).toBe('Signed out of the shop.');
  });

  test('a token that arrives again does not end a newer session', async () => {
    const token = await (await signer())(claimsFor(alice), { typ: 'logout+jwt' });
    expect((await send(token)).status).toBe(200);
    const browser = await signIn(alice);
    expect((await send(token)).status).toBe(400);
    expect(await read(browser)).toBe('Signed in to the shop.');
  });

  test.each(['demo', 'demo/shop'])(
    'RFC 9207 §2.4: /%s takes an answer only from its own provider, in the browser that asked',
    async (path) => {
      const answer = async (iss: string, isOther = false): Promise<number> => {
        const asked = new Browser(server.url);
        const { headers } = await asked.send(new URL(`/${path}/sign-in`, server.url), { method: 'GET' });
        const state = new URL(headers.get('location')!).searchParams.get('state')!;
        const query = new URLSearchParams({ error: 'access_denied', state, iss });
        return (await (isOther ? new Browser(server.url) : asked).open(`/${path}/callback?${query}`)).status;
      };
      const statuses = [
        await answer(server.url),
        await answer('https://other.example'),
        await answer(server.url, true),
      ];
      expect(statuses).toEqual([200, 400, 400]);
    },
  );

  test('a page that waits does not delay the end of the server', async () => {
    const waiting = await events(await signIn(alice));
    const began = performance.now();
    await shutDown();
    expect(await waiting.text()).not.toContain('data');
    expect(performance.now() - began).toBeLessThan(5000);
  });
});
