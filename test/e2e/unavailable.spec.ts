import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { asOperator, type Answer, refusal, seen, send, uidBody } from '../module/endpoint/send.js';
import { TcpProxy } from '../module/endpoint/tcp-proxy.js';
import { Browser } from '../support/browser.js';
import { describeOwnServers } from '../support/databases.js';
import { freeze, thaw } from '../support/freeze.js';
import type { DatabaseServer } from '../support/database-server.js';
import { createDatabase } from '../support/server-database.js';
import { basic } from '../support/operator.js';
import { alice, demoApp, demoOperator } from '../support/people.js';
import { RelyingParty, type Tokens } from '../support/relying-party.js';
import { startServer, type TestServer } from '../support/server.js';

const TIMEOUT = 500;
/** What a request may take: its deadlines one after the other at worst, and the machine's own slowness. */
const PATIENCE = 4000;
const form = { 'content-type': 'application/x-www-form-urlencoded' };
const as = ({ clientId, secret }: { clientId: string; secret: string }) => ({ authorization: basic(clientId, secret) });

describeOwnServers('RFC 6749 §4.1.2.1, RFC 9110 §15.6.4: database does not answer', (database) => {
  let own: DatabaseServer;
  let proxy: TcpProxy;
  let server: TestServer;
  let tokens: Tokens;

  beforeAll(async () => {
    own = await database.startOwn();
    const url = new URL(await createDatabase(own.url));
    proxy = new TcpProxy(Number(url.port));
    url.port = String(await proxy.open());
    const databaseUrl = url.href;
    const env = { GTR_DATABASE_TIMEOUT_MS: String(TIMEOUT) };
    server = await startServer(database, { databaseUrl, env });
    server.app.useLogger(false);
    tokens = await (await RelyingParty.discover(server)).signIn(new Browser(server.url), alice);
  });
  afterEach(() => thaw(own.pid));
  afterAll(async () => {
    await Promise.race([server.stop().catch(() => {}), sleep(5000)]);
    await proxy.close();
    await own.stop();
  });

  /** An answer, which must come in time. */
  async function inTime(path: string, headers: Record<string, string>, body?: string): Promise<Answer> {
    const begun = Date.now();
    const answer = await send(server.url + path, {
      method: body === undefined ? 'GET' : 'POST',
      headers,
      body: body ?? '',
    });
    expect(Date.now() - begun).toBeLessThan(PATIENCE);
    return answer;
  }

  const revocation = () => inTime(new URL(server.endpoint).pathname, asOperator, uidBody('bob'));
  const later = refusal(503, 'temporarily_unavailable', 'try again later', { 'retry-after': '5' });

  /** What the OP is asked, and by whom. */
  const requests: Record<string, () => Promise<Answer>> = {
    introspection: () => inTime('/token/introspection', { ...form, ...as(demoApp) }, `token=${tokens.access_token}`),
    'introspection of a refresh token': () =>
      inTime('/token/introspection', { ...form, ...as(demoApp) }, `token=${tokens.refresh_token}`),
    userinfo: () => inTime('/me', { authorization: `Bearer ${tokens.access_token}` }),
    refresh: () =>
      inTime('/token', { ...form, ...as(demoApp) }, `grant_type=refresh_token&refresh_token=${tokens.refresh_token}`),
    'client credentials': () => inTime('/token', { ...form, ...as(demoOperator) }, 'grant_type=client_credentials'),
    revocation: () => inTime('/token/revocation', { ...form, ...as(demoApp) }, 'token=x'),
    'pushed request': () =>
      inTime('/request', { ...form, ...as(demoApp) }, 'response_type=code&redirect_uri=http://localhost:3001/callback'),
    authorization: () => inTime('/auth?client_id=demo-app&response_type=code', {}),
    discovery: () => inTime('/.well-known/openid-configuration', {}),
  };

  async function refusedEverywhere(): Promise<void> {
    await sleep(600); // what was read about the flag is stale now
    for (const { status, headers, body } of await Promise.all(Object.values(requests).map((ask) => ask()))) {
      expect({ status, body }).toEqual({
        status: 503,
        body: expect.not.stringMatching(/"active"|_token"|node_modules|\.js:/),
      });
      expect(headers['retry-after']).toBe('5');
    }
  }

  async function aliveButNotReady(): Promise<void> {
    expect((await inTime('/readyz', {})).status).toBe(503);
    expect((await inTime('/livez', {})).status).toBe(200);
  }

  describe('hung', () => {
    test('the endpoint returns 503 within the deadline and 204 once the database continues', async () => {
      await freeze(own.pid);
      expect(seen(await revocation())).toEqual(later);
      expect(seen(await revocation())).toEqual(later);

      await thaw(own.pid);
      await expect.poll(async () => (await revocation()).status, { timeout: 10_000 }).toBe(204);
    });

    test('100 simultaneous requests all get 503 in time, then 204', async () => {
      await freeze(own.pid);
      const answers = await Promise.all(Array.from({ length: 100 }, revocation));
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([503]));

      await thaw(own.pid);
      await expect.poll(async () => (await revocation()).status, { timeout: 10_000 }).toBe(204);
    });

    test('every endpoint of the provider returns 503 until the database continues', async () => {
      await freeze(own.pid);
      await refusedEverywhere();
      await aliveButNotReady();

      await thaw(own.pid);
      await expect.poll(async () => (await inTime('/readyz', {})).status, { timeout: 10_000 }).toBe(200);
      await expect.poll(async () => (await requests['introspection']!()).body, { timeout: 10_000 }).toContain('"sub"');
    });
  });

  test('refused connections give 503 at once, and 204 with valid tokens once connections are possible', async () => {
    await proxy.close();
    expect(seen(await revocation())).toEqual(later);
    await refusedEverywhere();

    await proxy.open();
    expect((await revocation()).status).toBe(204);
    expect((await requests['introspection']!()).body).toContain('"sub"');
  });

  test('requests whose connections are cut are answered over new ones', async () => {
    const patient = await startServer(database, { databaseUrl: server.databaseUrl });
    patient.app.useLogger(false);
    for (let round = 0; round < 5; round += 1) {
      const asked = Array.from({ length: 10 }, () =>
        send(patient.endpoint, { headers: asOperator, body: uidBody('bob') }),
      );
      await sleep(round * 3);
      await proxy.close();
      await proxy.open();
      expect(new Set((await Promise.all(asked)).map(({ status }) => status))).toEqual(new Set([204]));
    }
    await patient.stop();
  });

  test('a stopped database gives 503, and malformed requests still get their own status', async () => {
    process.kill(own.pid, 'SIGKILL');
    expect(seen(await revocation())).toEqual(later);
    await refusedEverywhere();
    await aliveButNotReady();
    expect((await inTime(new URL(server.endpoint).pathname, asOperator)).status).toBe(405);
    expect((await inTime(new URL(server.endpoint).pathname, form, 'x')).status).toBe(415);
  });
});
