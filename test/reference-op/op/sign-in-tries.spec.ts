import { afterEach, beforeEach, expect, test } from 'vitest';
import { Browser, formTo } from '../../support/browser.js';
import { describeEachServer } from '../../support/databases.js';
import { alice, bob } from '../../support/people.js';
import { RelyingParty } from '../../support/relying-party.js';
import { withoutTable } from '../../module/endpoint/sql-log.js';
import { startServer, type TestServer } from '../../support/server.js';

const TRIES = 3;

describeEachServer(`after ${TRIES} wrong passwords for one account a source has to wait`, (database) => {
  let server: TestServer;
  let app: RelyingParty;

  beforeEach(async () => {
    server = await startServer(database, { env: { GTR_SIGN_IN_TRIES: String(TRIES), GTR_TRUST_PROXY: '127.0.0.1' } });
    app = await RelyingParty.discover(server);
  });
  afterEach(() => server.stop());

  /** Somebody at an address types a name and a password. */
  async function attempt(source: string, identifier: string, password: string): Promise<Response> {
    const browser = new Browser(server.url);
    const login = await browser.open((await app.request()).url);
    const url = new URL(formTo(login, '/login')!.action, login.url);
    const body = new URLSearchParams({ identifier, password });
    return browser.send(url, { method: 'POST', body, headers: { 'x-forwarded-for': source } });
  }

  const statuses = async (attempts: Array<Promise<Response>>): Promise<number[]> =>
    (await Promise.all(attempts)).map(({ status }) => status).toSorted((one, other) => one - other);

  test('twelve simultaneous tries: checks three, then rejects even the right password', async () => {
    const guesses = Array.from({ length: 12 }, (_, i) => attempt('192.0.2.1', 'alice', `guess ${i}`));
    expect(await statuses(guesses)).toEqual([400, 400, 400, ...Array.from({ length: 9 }, () => 429)]);

    const refused = await attempt('192.0.2.1', 'ALICE', alice.password);
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(290);
    expect(await refused.text()).toContain('Too many wrong passwords. Please try again in 5 minutes.');
  });

  test('ten right passwords are accepted, and wrong ones still count afterwards', async () => {
    const right = () => attempt('192.0.2.3', 'alice', alice.password);
    for (let times = 0; times < 10; times += 1) expect((await right()).status).toBe(303);
    expect(await statuses([right(), right(), right()])).toEqual([303, 303, 303]);

    const wrong = () => attempt('192.0.2.3', 'alice', 'wrong');
    expect(await statuses([wrong(), wrong()])).toEqual([400, 400]);
    expect((await right()).status).toBe(303);
    expect([(await wrong()).status, (await right()).status]).toEqual([400, 429]);
  });

  test('a database failure does not count as a wrong password', async () => {
    await withoutTable(server.dataSource, 'op_user', async () => {
      for (let times = 0; times <= TRIES; times += 1) {
        expect((await attempt('192.0.2.4', 'alice', alice.password)).status).toBe(503);
      }
    });
    expect((await attempt('192.0.2.4', 'alice', alice.password)).status).toBe(303);
  });

  test('during an attack alice signs in from elsewhere, and others from the same address', async () => {
    const guesses = Array.from({ length: 12 }, (_, i) => attempt('2001:db8::1', 'alice', `guess ${i}`));
    await Promise.all(guesses);
    expect((await attempt('2001:db8::2', 'alice', alice.password)).status).toBe(429); // the same network
    expect((await attempt('192.0.2.2', 'alice', alice.password)).status).toBe(303);
    expect((await attempt('2001:db8::1', 'bob', bob.password)).status).toBe(303);
  });
});
