import { beforeAll, describe, expect, test } from 'vitest';
import { Client } from '../../../src/module/caller/clients/client.entity.js';
import { OidcRecord } from '../../../src/module/oidc-provider/oidc-record.entity.js';
import { Browser } from '../../support/browser.js';
import { describeEachServer } from '../../support/databases.js';
import { alice, demoDevice } from '../../support/people.js';
import { RelyingParty } from '../../support/relying-party.js';
import { serverFixture } from '../../support/server.js';

const LIMIT = 5;
const HOUR_MS = 3_600_000;

/** What anybody can send that makes the provider store something. @param state of a chosen length */
type Way = (send: Send, state: string) => Promise<Response>;
type Send = (path: string, form?: Record<string, string>) => Promise<Response>;

describeEachServer('what strangers can store', (database) => {
  const server = serverFixture(database, {
    env: { GTR_RECORDS_PER_MINUTE: String(LIMIT), GTR_TRUST_PROXY: '127.0.0.1' },
  });
  let app: RelyingParty;

  beforeAll(async () => {
    app = await RelyingParty.discover(server);
    // A client without a secret may be anybody.
    await server.dataSource.manager.update(Client, { clientId: demoDevice.clientId }, { secretHash: null });
  });

  const authorization = async (state: string): Promise<Record<string, string>> =>
    Object.fromEntries((await app.request({ state })).url.searchParams);

  const device = (scope: string): Record<string, string> => ({ client_id: demoDevice.clientId, scope });

  const WAYS: Record<string, Way> = {
    'GET /session/end': (send, state) => send(`/session/end?${new URLSearchParams({ state })}`),
    'GET /auth': async (send, state) => send(`/auth?${new URLSearchParams(await authorization(state))}`),
    'GET /device': (send, state) => send(`/device?${new URLSearchParams({ state })}`),
    'POST /device/auth': (send, state) => send('/device/auth', { ...device('openid'), nonce: state }),
  };

  /** An authorization request is answered at its application. @see RFC 6749 §4.1.2.1 */
  const isLimited = ({ status, headers }: Response): boolean =>
    status === 429 || headers.get('location')?.includes('error=temporarily_unavailable') === true;

  /** A browser that has no cookies, at an address. */
  const from =
    (source: string): Send =>
    (path, form) =>
      fetch(new URL(path, server.url), {
        redirect: 'manual',
        headers: { accept: 'text/html', 'x-forwarded-for': source },
        ...(form && { method: 'POST', body: new URLSearchParams(form) }),
      });

  const all = () => server.dataSource.getRepository(OidcRecord).find();

  describe.each(Object.entries(WAYS))('%s', (name, way) => {
    const number = Object.values(WAYS).indexOf(way);

    test(`from one source beyond ${LIMIT} a minute is answered 429, and others are served`, async () => {
      const before = (await all()).length;
      const answers = await Promise.all(
        Array.from({ length: 4 * LIMIT }, () => way(from(`192.0.2.${number}`), 'a state')),
      );
      const limited = answers.filter(isLimited);
      expect(limited).toHaveLength(3 * LIMIT);
      for (const { headers } of limited) expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
      expect((await all()).length - before).toBe(LIMIT);
      expect((await way(from(`198.51.100.${number}`), 'a state')).status).toBeLessThan(400);
    });

    test('an IPv6 /64 is one source', async () => {
      const answers = await Promise.all(
        Array.from({ length: LIMIT + 1 }, (_, i) => way(from(`2001:db8:0:${number}::${i + 1}`), 'a state')),
      );
      expect(answers.filter(isLimited)).toHaveLength(1);
    });

    test('a request that is too large is rejected and not stored', async () => {
      const answer = await way(from(`203.0.113.${number}`), 'x'.repeat(name.startsWith('GET') ? 7000 : 40_000));
      // Nothing of the address of the page for user codes is stored, and an interaction may have 16 kB.
      expect(answer.status).toBe({ 'GET /device': 200, 'GET /auth': 303 }[name] ?? 400);
    });
  });

  test('no record is long, and no record that a browser made lives for more than an hour', async () => {
    for (const way of Object.values(WAYS)) await way(from('198.18.0.1'), 'a state');
    const stored = (await all()).filter(({ subjectHash }) => subjectHash === null);
    expect(new Set(stored.map(({ kind }) => kind))).toEqual(new Set(['Session', 'Interaction', 'DeviceCode']));
    for (const { kind, payload, expiresAt } of stored) {
      expect(payload.length, kind).toBeLessThan(kind === 'Session' ? 6000 : 24_000);
      expect(expiresAt, kind).toBeLessThanOrEqual(Date.now() + HOUR_MS);
    }
  });

  test('a client that has authenticated, and a person who is signed in, are not limited', async () => {
    const pushed = Array.from({ length: 2 * LIMIT }, () => app.pushedRequest());
    await Promise.all(pushed);
    const browser = new Browser(server.url);
    await app.signIn(browser, alice);
    for (let times = 0; times < 2 * LIMIT; times += 1) {
      expect((await browser.open('/session/end?state=mine')).status).toBe(200);
    }
    const sessions = (await all()).filter(({ kind, subjectHash }) => kind === 'Session' && subjectHash !== null);
    expect(sessions[0]!.expiresAt).toBeGreaterThan(Date.now() + 24 * HOUR_MS);
  });
});
