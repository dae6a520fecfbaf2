import { beforeAll, expect, test } from 'vitest';
import { Browser } from '../support/browser.js';
import { describeEachServer } from '../support/databases.js';
import { revoke } from '../support/operator.js';
import { alice, bob, type Person } from '../support/people.js';
import { Device, oauthError, RelyingParty } from '../support/relying-party.js';
import { serverFixture } from '../support/server.js';

describeEachServer('draft-06 §3, §3.3, §4: the whole story', (database) => {
  const server = serverFixture(database);
  let app: RelyingParty;
  let device: Device;

  beforeAll(async () => {
    app = await RelyingParty.discover(server);
    device = await Device.discover(server);
  });

  /** Everything a person can have: two browsers, a device, offline tokens, an open code, an approved device code. */
  async function everythingOf(person: Person) {
    const browsers = [new Browser(server.url), new Browser(server.url)] as const;
    const tokens = [await app.signIn(browsers[0], person), await app.signIn(browsers[1], person)];
    const used = await device.start();
    await device.approve(browsers[0], used, person);
    tokens.push(await device.poll(used));
    const approved = await device.start();
    await device.approve(browsers[1], approved, person);
    return { browsers, tokens, approved, code: await app.code(browsers[0], person) };
  }

  /** How everything answers, in words. */
  async function standing({ browsers, tokens, approved, code }: Awaited<ReturnType<typeof everythingOf>>) {
    const introspected = tokens
      .flatMap((t) => [t.access_token, t.refresh_token!])
      .map((token) => app.introspect(token));
    const silent = await Promise.all(browsers.map((browser) => app.silently(browser)));
    return {
      introspection: (await Promise.all(introspected)).map((answer) => JSON.stringify(Object.keys(answer))),
      userinfo: await Promise.all(tokens.map(async (t) => (await app.userinfo(t.access_token)).status)),
      silent: silent.map(({ url }) => url.searchParams.get('error') ?? 'code'),
      refresh: [
        await oauthError(app.refresh(tokens[0]!.refresh_token!)),
        await oauthError(app.refresh(tokens[1]!.refresh_token!)),
      ],
      code: await oauthError(app.redeem(code.request, code.page)),
      poll: await oauthError(device.poll(approved)),
    };
  }

  test('revoking alice ends everything of hers and nothing of bob', async () => {
    const hers = await everythingOf(alice);
    const his = await everythingOf(bob);

    expect((await revoke(server, { format: 'uid', id: 'alice' })).status).toBe(204);

    expect(await standing(hers)).toEqual({
      introspection: Array(6).fill('["active"]'),
      userinfo: [401, 401, 401],
      silent: ['login_required', 'login_required'],
      refresh: ['invalid_grant', 'invalid_grant'],
      code: 'invalid_grant',
      poll: 'invalid_grant',
    });
    const alive = await standing(his);
    expect(alive.introspection.every((keys) => keys.includes('"sub"'))).toBe(true);
    expect(alive).toMatchObject({
      userinfo: [200, 200, 200],
      silent: ['code', 'code'],
      refresh: [undefined, undefined],
    });
    expect(alive).toMatchObject({ code: undefined, poll: undefined });
  });

  test('alice can sign in again and be revoked again', async () => {
    const browser = new Browser(server.url);
    const tokens = await app.signIn(browser, alice);
    expect((await app.introspect(tokens.access_token)).active).toBe(true);
    expect((await app.userinfo(tokens.access_token)).status).toBe(200);

    expect((await revoke(server, { format: 'uid', id: 'alice' })).status).toBe(204);
    expect((await revoke(server, { format: 'uid', id: 'alice' })).status).toBe(204);
    expect((await app.introspect(tokens.access_token)).active).toBe(false);
  });
});
