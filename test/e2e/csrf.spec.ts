import { beforeAll, describe, expect, test } from 'vitest';
import { asOperator, send, uidBody } from '../module/endpoint/send.js';
import { Browser, formTo, type Page } from '../support/browser.js';
import { describeOneServer } from '../support/databases.js';
import { basic } from '../support/operator.js';
import { alice, demoDevice, demoOperator } from '../support/people.js';
import { Device, RelyingParty } from '../support/relying-party.js';
import { typePassword } from '../support/sign-in.js';
import { serverFixture } from '../support/server.js';

const foreign: Array<[title: string, headers: Record<string, string>]> = [
  ['Origin of another site', { origin: 'https://evil.example' }],
  ['Origin with the same ending', { origin: 'http://evil-127.0.0.1' }],
  ['Origin: null', { origin: 'null' }],
  ['Sec-Fetch-Site: cross-site', { 'sec-fetch-site': 'cross-site' }],
  ['Sec-Fetch-Site: same-site', { 'sec-fetch-site': 'same-site' }],
  ['cross-site despite a good Origin', { origin: 'SELF', 'sec-fetch-site': 'cross-site' }],
  ['an unknown Sec-Fetch-Site', { 'sec-fetch-site': 'x' }],
];
const own: Array<[title: string, headers: Record<string, string>]> = [
  ['Origin of the issuer', { origin: 'SELF' }],
  ['Sec-Fetch-Site: same-origin', { 'sec-fetch-site': 'same-origin' }],
  ['no browser headers', {}],
];

describeOneServer('posts from another site', (database) => {
  const server = serverFixture(database);
  let app: RelyingParty;
  let device: Device;

  beforeAll(async () => {
    app = await RelyingParty.discover(server);
    device = await Device.discover(server);
  });

  const self = (headers: Record<string, string>): Record<string, string> =>
    JSON.parse(JSON.stringify(headers).replace('SELF', server.url)) as Record<string, string>;
  const signedIn = async (): Promise<Browser> => {
    const browser = new Browser(server.url);
    await app.signIn(browser, alice);
    return browser;
  };

  /** How a browser comes to each form, and what the person types. */
  const forms: Record<string, () => Promise<{ browser: Browser; page: Page; form: string; typed?: object }>> = {
    login: async () => {
      const browser = new Browser(server.url);
      const page = await browser.open((await app.request()).url);
      return { browser, page, form: '/login', typed: { identifier: alice.uid, password: alice.password } };
    },
    consent: async () => {
      const browser = new Browser(server.url);
      const page = await typePassword(browser, await browser.open((await app.request()).url), alice);
      return { browser, page, form: '/consent' };
    },
    abort: async () => {
      const browser = new Browser(server.url);
      return { browser, page: await browser.open((await app.request()).url), form: '/abort' };
    },
    'device code': async () => {
      const browser = await signedIn();
      const { user_code } = await device.start();
      return { browser, page: await browser.open('/device'), form: '/device', typed: { user_code } };
    },
    'device confirmation': async () => {
      const browser = await signedIn();
      const { user_code } = await device.start();
      const input = await browser.open('/device');
      const page = await browser.submit(input, formTo(input, '/device'), { user_code });
      return { browser, page, form: '/device', typed: { confirm: 'yes' } };
    },
    logout: async () => {
      const browser = await signedIn();
      return {
        browser,
        page: await browser.open('/session/end'),
        form: '/session/end/confirm',
        typed: { logout: 'yes' },
      };
    },
  };

  /** Submits a form with further headers, and says how that was answered. */
  async function post(name: string, headers: Record<string, string>, path = (action: string): string => action) {
    const { browser, page, form, typed } = await forms[name]!();
    const { action, fields } = formTo(page, form)!;
    const url = new URL(path(action), page.url);
    const body = new URLSearchParams({ ...fields, ...(typed as Record<string, string> | undefined) });
    const { status } = await browser.send(url, { method: 'POST', body, headers: self(headers) });
    return { status, browser, page };
  }

  describe.each(Object.keys(forms))('%s', (name) => {
    test.each(foreign)('returns 403 for %s', async (_title, headers) => {
      expect((await post(name, headers)).status).toBe(403);
    });

    test.each(own)('accepts %s', async (_title, headers) => {
      expect((await post(name, headers)).status).toBeOneOf([200, 302, 303]);
    });
  });

  /** Ways to write the address of a form that some router takes for the same. */
  const spellings: Array<[title: string, spell: (path: string) => string]> = [
    ['in capitals', (path) => path.toUpperCase()],
    ['percent-encoded', (path) => `/%${path.charCodeAt(1).toString(16)}${path.slice(2)}`],
    ['percent-encoded in capitals', (path) => `/%${path.toUpperCase().charCodeAt(1).toString(16)}${path.slice(2)}`],
    ['in absolute form', (path) => server.url + path],
    ['in absolute form of another scheme', (path) => server.url.replace('http:', 'HTTPS:') + path],
    ['in absolute form with a query in the host', (path) => `http://a?b${path}`],
    ['with a slash at the end', (path) => `${path}/`],
    ['with two slashes', (path) => `/${path}`],
    ['with a semicolon', (path) => `${path};a=b`],
    ['with a fragment', (path) => `${path}#x`],
    ['with a query that looks like an endpoint', (path) => `${path}?/token`],
  ];

  test.each(spellings)('returns 403 for the address of each form %s', async (_title, spell) => {
    const headers = { origin: 'https://evil.example', 'content-type': 'application/x-www-form-urlencoded' };
    for (const path of ['/interaction/x/login', '/interaction/x/consent', '/auth', '/device', '/session/end/confirm']) {
      const { status } = await send(server.url, { target: spell(path), headers, body: 'a=b' });
      expect([path, status]).toEqual([path, 403]);
    }
  });

  test.each(['login', 'consent', 'abort'])('returns 403 for %s with a percent-encoded path', async (name) => {
    const encoded = (action: string): string => action.replace('/interaction', '/%69nteraction');
    expect((await post(name, { origin: 'https://evil.example' }, encoded)).status).toBe(403);
  });

  test('returns 403 for an authorization request from a foreign form, before it uses a session', async () => {
    const { url } = await app.request();
    const init = { method: 'POST', body: url.searchParams, headers: { origin: 'https://evil.example' } };
    expect((await (await signedIn()).send(new URL('/auth', server.url), init)).status).toBe(403);
  });

  test('a rejected form still works when it is sent properly', async () => {
    const { browser, page } = await post('login', { origin: 'https://evil.example' });
    expect(formTo(await typePassword(browser, page, alice), '/consent')).toBeDefined();
  });

  describe('endpoints without cookies', () => {
    const form = 'application/x-www-form-urlencoded';
    const client = basic(demoOperator.clientId, demoOperator.secret);
    const token = { authorization: client, 'content-type': form };
    const deviceAuth = { authorization: basic(demoDevice.clientId, demoDevice.secret), 'content-type': form };

    test.each(foreign)('%s: token endpoints answer as usual', async (_title, headers) => {
      const post = async (path: string, more: Record<string, string>, body: string): Promise<number> =>
        (await fetch(server.url + path, { method: 'POST', body, headers: { ...self(headers), ...more } })).status;

      // oidc-provider's own CORS rule refuses scripts of any origin but ours with 400 `invalid_request`.
      const status = 'origin' in headers && headers['origin'] !== 'SELF' ? 400 : 200;
      expect(await post('/token', token, 'grant_type=client_credentials')).toBe(status);
      expect(await post('/token/introspection', token, 'token=x')).toBe(status);
      expect(await post('/token/revocation', token, 'token=x')).toBe(status);
      expect(await post('/device/auth', deviceAuth, 'scope=openid')).toBe(status);
      expect(await post('/global-token-revocation', asOperator, uidBody('bob'))).toBe(204);
    });
  });
});
