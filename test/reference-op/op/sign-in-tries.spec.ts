import { beforeEach, expect, test } from 'vitest';
import { Browser, formTo } from '../../support/browser.js';
import { describeOneServer } from '../../support/databases.js';
import { alice, bob } from '../../support/people.js';
import { RelyingParty } from '../../support/relying-party.js';
import { withoutTable } from '../../module/endpoint/sql-log.js';
import { startForTest, type TestServer } from '../../support/server.js';

const TRIES = 3;

const at = (local: string): string => `${local}@example.com`;

describeOneServer(`after ${TRIES} wrong passwords for one account a source has to wait`, (database) => {
  let server: TestServer;
  let app: RelyingParty;

  beforeEach(async () => {
    const env = { GTR_SIGN_IN_TRIES: String(TRIES), GTR_TRUST_PROXY: '127.0.0.1', GTR_RECORDS_PER_MINUTE: '0' };
    server = await startForTest(database, { env });
    app = await RelyingParty.discover(server);
  });

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

  /** One after another, from one source. */
  async function spelled(names: readonly string[]): Promise<number[]> {
    const all: number[] = [];
    for (const name of names) all.push((await attempt('192.0.2.5', name, 'wrong')).status);
    return all;
  }

  const atMost = (count: number, all: number): number[] =>
    Array.from({ length: all }, (_, i) => (i < count ? 400 : 429));

  test.each<[string, (name: string) => string[]]>([
    ['an address in quotes and with backslashes', (n) => [n, `"${n}"`, `"\\${n}"`, `"${n[0]}\\${n.slice(1)}"`].map(at)],
    ['an address in capitals', (n) => [n, n.toUpperCase(), n, n.toUpperCase()].map(at)],
    ['a domain in capitals', (n) => [at(n), at(n).replace('example', 'EXAMPLE'), at(n), at(n).replace('com', 'COM')]],
    ['a name in capitals', (n) => [n, n, n, n.toUpperCase(), `${n[0]!.toUpperCase()}${n.slice(1)}`]],
  ])('%s: all spellings count together, for an existing user as for an unknown one', async (_title, spellings) => {
    const mine = spellings('alice');
    expect(await spelled(mine)).toEqual(atMost(TRIES, mine.length));
    const nobodys = spellings('nemo');
    expect(await spelled(nobodys)).toEqual(atMost(TRIES, nobodys.length));
  });

  test('the name and the address of an account count together', async () => {
    const names = [alice.uid, alice.email, alice.uid, alice.email, alice.uid];
    expect(await spelled(names)).toEqual(atMost(TRIES, names.length));
  });

  test('a source that tries many accounts has to wait, and others do not', async () => {
    const names = Array.from({ length: 10 * TRIES }, (_, i) => `name-${i}`);
    expect(new Set(await spelled(names))).toEqual(new Set([400]));
    expect((await attempt('192.0.2.5', 'bob', bob.password)).status).toBe(429);
    expect((await attempt('192.0.2.6', 'bob', bob.password)).status).toBe(303);
  });

  test('many sources that try one account make it slower, and lock nobody out', async () => {
    for (let n = 0; n < 10 * TRIES; n += 1)
      expect((await attempt(`198.51.100.${n}`, 'alice', 'wrong')).status).toBe(400);
    const begun = performance.now();
    expect((await attempt('192.0.2.7', 'alice', alice.password)).status).toBe(303);
    expect(performance.now() - begun).toBeGreaterThan(990);
  });
});
