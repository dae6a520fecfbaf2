import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { inflateSync } from 'node:zlib';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { Balancer } from '../support/balancer.js';
import { Browser } from '../support/browser.js';
import { databases } from '../support/databases.js';
import { freePort } from '../support/free-port.js';
import { API, JwtApi, jwtSettings } from '../support/jwt-api.js';
import { revokePerson } from '../support/operator.js';
import { alice } from '../support/people.js';
import { RelyingParty } from '../support/relying-party.js';
import { type ServerProcess, startProcess } from '../support/server-process.js';
import { startServer, type TestServer } from '../support/server.js';
import { walkThrough } from '../support/sign-in.js';
import { unlimited } from '../support/unlimited.js';

/** Less than the tolerance of an API, which has the time of the first node. */
const AHEAD_SECONDS = 6;

/** `ttl` of {@link jwtSettings}: after it, the API waits for another list. */
const TTL_MS = 1000;

/** Sets the clock of a process ahead. */
const AHEAD = `--import=data:text/javascript,${encodeURIComponent(`
  const Real = Date;
  globalThis.Date = class extends Real {
    constructor(...given) {
      super(...(given.length > 0 ? given : [Date.now()]));
    }
    static now() {
      return Real.now() + ${AHEAD_SECONDS * 1000};
    }
  };
`)}`;

/** A database server if there is one: nodes on several machines have no SQLite. */
const database = databases.findLast(({ available }) => available)!;

describe('draft-ietf-oauth-status-list §5.1: two nodes whose clocks differ', () => {
  const balancer = new Balancer(0);
  let first: TestServer;
  let ahead: ServerProcess;
  let ports: [number, number];

  beforeAll(async () => {
    const dataDir = await mkdtemp(join(inject('tempDir'), 'clocks-'));
    const env = { ...jwtSettings, ISSUER: `http://127.0.0.1:${await balancer.open()}` };
    first = await startServer(database, { dataDir, env });
    ports = [Number(new URL(first.local).port), await freePort()];
    ahead = await startProcess(dataDir, {
      ...env,
      ...unlimited,
      PORT: String(ports[1]),
      GTR_HOST: '127.0.0.1',
      DATABASE_URL: first.databaseUrl,
      GTR_DATA_DIR: dataDir,
      GTR_SWEEP_INTERVAL_MS: '0',
      NODE_OPTIONS: AHEAD,
    });
    [balancer.target] = ports;
  });
  afterAll(async () => {
    await ahead?.stop();
    await first?.stop();
    balancer.close();
  });

  const signIn = async (): Promise<string> => {
    const app = await RelyingParty.discover(first);
    const request = await app.request({ resource: API });
    const browser = new Browser(first.url);
    const page = await walkThrough(browser, await browser.open(request.url), alice);
    return (await app.redeem(request, page, { resource: API })).access_token;
  };

  /** The list of a token at a node: when it was issued, and the bit of the token. */
  const listAt = async (port: number, token: string): Promise<{ iat: number; bit: number }> => {
    const { idx, uri } = decodeJwt<{ status: { status_list: { idx: number; uri: string } } }>(token).status.status_list;
    const answer = await fetch(`http://127.0.0.1:${port}${new URL(uri).pathname}`);
    const { iat, status_list: list } = decodeJwt<{ status_list: { lst: string } }>(await answer.text());
    const bytes = inflateSync(Buffer.from(list.lst, 'base64url'));
    return { iat: iat!, bit: (bytes[idx >> 3]! >> (idx & 7)) & 1 };
  };

  test('an API accepts an older list from the other node, and each node publishes a revocation within a second', async () => {
    const token = await signIn();
    const lists = [await listAt(ports[0], token), await listAt(ports[1], token)] as const;
    expect(lists[1].iat - lists[0].iat).toBeGreaterThanOrEqual(AHEAD_SECONDS - 2);

    const api = new JwtApi(first.url);
    for (const port of ports.toReversed()) {
      balancer.target = port;
      expect(await api.call(token)).toBe(alice.id);
      await sleep(TTL_MS);
    }

    await revokePerson(first, alice);
    await sleep(1000);
    for (const port of ports) {
      await listAt(port, token); // may have waited for a read that began before the revocation
      expect((await listAt(port, token)).bit).toBe(1);
    }
    await expect.poll(() => api.call(token), { timeout: 30_000 }).toBe('invalidToken');
    balancer.target = ports[1];
    await sleep(TTL_MS);
    expect(await api.call(token)).toBe('invalidToken');
  });
});
