import { buildAuthorizationUrlWithPAR, clientCredentialsGrant } from 'openid-client';
import { beforeAll, expect, test } from 'vitest';
import { OP_OPTIONS, type OpOptions } from '../../src/reference-op/op/op.options.js';
import { dump } from '../module/database/dump.js';
import { Browser } from '../support/browser.js';
import { describeEachServer } from '../support/databases.js';
import { revokePerson } from '../support/operator.js';
import { alice, bob, breakfast, demoApp, demoDevice, demoNoScope, demoOperator } from '../support/people.js';
import { Device, RelyingParty } from '../support/relying-party.js';
import { serverFixture } from '../support/server.js';
import { typePassword } from '../support/sign-in.js';
import { type Attempt, attempts } from './stolen-values.js';

/** Values tried at a time. */
const AT_ONCE = 16;

describeEachServer('what is in a stolen database', (database) => {
  const server = serverFixture(database, { searchLog: false });
  let ways: Record<string, Attempt>;
  /** The values that work, by the way in which they do. */
  let real: Record<string, string>;
  /** Everything that must not be in the database. */
  let secrets: string[];
  let stolen: string[];

  /** Values of a cookie, whatever paths it is kept for; the newest last. */
  const cookies = async (browser: Browser, name: string): Promise<string[]> =>
    (await browser.jar.serialize()).cookies.filter(({ key }) => key === name).map(({ value }) => String(value));

  /** One of everything that can be kept, in use and not used up. */
  async function fill(): Promise<{ verifier: string }> {
    const app = await RelyingParty.discover(server);
    const operator = await RelyingParty.discover(server, demoOperator);
    const device = await Device.discover(server);
    const [hers, his, open] = [new Browser(server.url), new Browser(server.url), new Browser(server.url)];
    await app.signIn(new Browser(server.url), breakfast);
    await revokePerson(server, breakfast);

    const tokens = await app.signIn(hers, alice);
    const others = await app.signIn(his, bob);
    const client = await clientCredentialsGrant(operator.config);
    const waiting = await device.start();
    const approved = await device.start();
    await device.approve(hers, approved, alice);
    await typePassword(open, await open.open((await app.request()).url), alice);
    const asked = new Browser(server.url);
    await asked.open((await app.request()).url);
    const { request, page } = await app.code(hers, alice);
    const pushed = await buildAuthorizationUrlWithPAR(
      app.config,
      Object.fromEntries((await app.request()).url.searchParams),
    );

    const code = page.url.searchParams.get('code')!;
    const requestUri = pushed.searchParams.get('request_uri')!;
    real = {
      introspection: tokens.access_token,
      userinfo: tokens.access_token,
      'refresh token': tokens.refresh_token!,
      code,
      'device code': approved.device_code,
      'user code': waiting.user_code,
      'session cookie, signed': (await cookies(hers, 'op_session'))[0]!,
      'interaction cookie, signed': (await cookies(open, 'op_interaction')).at(-1)!,
      'pushed request': requestUri,
      'operator secret at the endpoint': demoOperator.secret,
      'operator secret': demoOperator.secret,
      'app secret': demoApp.secret,
      'device secret': demoDevice.secret,
      'other secret': demoNoScope.secret,
    };
    const codes = [waiting.user_code, approved.user_code].flatMap((text) => [text, text.replace('-', '')]);
    secrets = [
      ...Object.values(real),
      ...[others.access_token, others.refresh_token!, client.access_token, waiting.device_code, ...codes],
      ...(await cookies(his, 'op_session')),
      ...(await cookies(asked, 'op_interaction')),
      requestUri.split(':').at(-1)!,
      ...[alice, bob, breakfast].map(({ password }) => password),
    ];
    return request;
  }

  /** {@link fill}, and the ways to try values. */
  async function prepare(): Promise<void> {
    const { verifier } = await fill();
    ways = attempts(server, verifier, server.app.get<OpOptions>(OP_OPTIONS, { strict: false }).cookieKeys[0]!);
  }

  beforeAll(async () => {
    await prepare();
    stolen = await dump(server.dataSource);
  });

  /** Values, and what their text is made of. */
  const candidates = (): string[] => {
    const parts = stolen.flatMap((value) => [value, ...value.split(/["',\s{}[\]]+/)]);
    return [...new Set(parts)].filter(({ length }) => length >= 8 && length <= 4096);
  };

  test('contains no token, code, cookie, secret or password', () => {
    const text = stolen.join('\n').toLowerCase();
    expect(stolen.length).toBeGreaterThan(200);
    expect(secrets.filter((secret) => text.includes(secret.toLowerCase()))).toEqual([]);
  });

  test('contains no value that works as a credential, even in part', async () => {
    const values = candidates();
    const accepted: string[] = [];
    const tryAll = async (value: string): Promise<void> => {
      for (const [name, attempt] of Object.entries(ways)) {
        if (await attempt(value)) accepted.push(`${name}: ${value}`);
      }
    };
    const queue = values.values();
    await Promise.all(
      Array.from({ length: AT_ONCE }, async () => {
        for (const value of queue) await tryAll(value);
      }),
    );
    expect(values.length).toBeGreaterThan(100);
    expect(accepted).toEqual([]);
  }, 240_000);

  test('control: real credentials work when tried in the same way', async () => {
    await prepare(); // a slow machine tries for longer than a code lives
    const refused: string[] = [];
    for (const [name, value] of Object.entries(real)) if (!(await ways[name]!(value))) refused.push(name);
    expect(refused).toEqual([]);
  });
});
