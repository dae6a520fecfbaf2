import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, inject, test } from 'vitest';
import { dataSourceOptions, openDataSource } from '../../src/reference-op/op/data-source.js';
import { databases } from '../support/databases.js';
import { freePort } from '../support/free-port.js';
import { basic } from '../support/operator.js';
import { alice, bob, breakfast, demoApp, demoOperator } from '../support/people.js';
import { encode, formHeaders } from '../support/race-http.js';
import { QuickBrowser } from '../support/race-sign-in.js';
import { startProcess } from '../support/server-process.js';
import { unlimited } from '../support/unlimited.js';
import { median, table } from './figures.js';
import { residentMib } from './resident-memory.js';
import { makeUsers } from './users.js';

/** Minutes of load; `SOAK_MINUTES` overrides it. */
const MINUTES = Number(process.env.SOAK_MINUTES ?? 20);
/** Of revocations, and of introspections, a second. */
const PER_SECOND = 50;
const USERS = 2000;
const SAMPLES = 20;
/** By how much the median of the last quarter may be above that of the second, while caches still fill. */
const GROWTH_MAX = 1.15;
/** `SOAK_DATABASE` names another. */
const database = databases.find(({ name }) => name === (process.env.SOAK_DATABASE ?? 'sqlite'))!;

test(`${MINUTES} minutes of sign-ins, introspections and revocations on ${database.name}: memory does not grow`, async () => {
  const { url: databaseUrl, drop } = await database.create();
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const server = await startProcess(process.cwd(), {
    PORT: String(port),
    ISSUER: url,
    GTR_HOST: '127.0.0.1',
    DATABASE_URL: databaseUrl,
    GTR_DATA_DIR: await mkdtemp(join(inject('tempDir'), 'soak-')),
    ...unlimited,
  });
  const uids = Array.from({ length: USERS }, (_, i) => `soak-${i}`);
  await (await makeUsers(await openDataSource(dataSourceOptions(databaseUrl)), uids)).destroy();
  await sleep(2000);
  const idle = await residentMib(server.pid);

  const end = performance.now() + MINUTES * 60_000;
  const counts = { revocations: 0, introspections: 0, signIns: 0 };
  const operator = { authorization: basic(demoOperator.clientId, demoOperator.secret) };
  const asApp = formHeaders(basic(demoApp.clientId, demoApp.secret));
  const revoke = async (id: string): Promise<void> => {
    const headers = { ...operator, 'content-type': 'application/json' };
    const body = JSON.stringify({ sub_id: { format: 'uid', id } });
    const answer = await fetch(`${url}/global-token-revocation`, { method: 'POST', headers, body });
    expect(answer.status).toBe(204);
    counts.revocations += 1;
  };
  const isActive = async (token: string): Promise<boolean> => {
    const answer = await fetch(`${url}/token/introspection`, {
      method: 'POST',
      headers: asApp,
      body: encode({ token }),
    });
    counts.introspections += 1;
    return ((await answer.json()) as { active: boolean }).active;
  };
  /** Starts `work` that many times a second, however long it takes. */
  const often = async (perSecond: number, work: (turn: number) => Promise<unknown>): Promise<void> => {
    const started: Array<Promise<unknown>> = [];
    for (let turn = 0; performance.now() < end; turn += 1) {
      started.push(work(turn));
      if (started.length === 1000) await Promise.all(started.splice(0));
      await sleep(1000 / perSecond);
    }
    await Promise.all(started);
  };
  const signIn = async (person: typeof alice): Promise<void> => {
    const grant = await new QuickBrowser({ url }).signIn(person);
    const redeemed = await fetch(`${url}/token`, { method: 'POST', headers: asApp, body: encode(grant) });
    const { access_token: token } = (await redeemed.json()) as { access_token: string };
    expect(await isActive(token)).toBe(true);
    await revoke(person.uid);
    expect(await isActive(token)).toBe(false);
    counts.signIns += 1;
  };

  const memory: number[] = [];
  const measure = async (): Promise<void> => {
    while (performance.now() < end) {
      await sleep((MINUTES * 60_000) / SAMPLES);
      memory.push(await residentMib(server.pid));
    }
  };
  const people = [alice, bob, breakfast];
  await Promise.all([
    often(PER_SECOND, (turn) => revoke(uids[turn % USERS]!)),
    often(PER_SECOND, (turn) => isActive(`nobody ${turn}`.padEnd(43, 'x'))),
    ...people.map(async (person) => {
      while (performance.now() < end) {
        await signIn(person).catch(unlessClosed);
        await sleep(1000);
      }
    }),
    measure(),
  ]);
  await sleep(5000);
  const after = await residentMib(server.pid);
  await server.stop();
  await drop();
  console.log(`\n${MINUTES} minutes: ${JSON.stringify(counts)}`);
  console.log(`MiB idle ${idle.toFixed(0)}, after the load ${after.toFixed(0)}, during it, ${SAMPLES} times:`);
  console.log(table([memory.map((mib) => mib.toFixed(0))]));
  const quarter = Math.floor(memory.length / 4);
  const second = median(memory.slice(quarter, 2 * quarter));
  const growth = median(memory.slice(-quarter)) / second;
  console.log(`÷ second quarter: last quarter ${growth.toFixed(2)}, after the load ${(after / second).toFixed(2)}\n`);
  expect(growth).toBeLessThan(GROWTH_MAX);
});

/** A connection that the server closes while the browser uses it again is not a fault. */
function unlessClosed(error: unknown): void {
  if ((error as { code?: unknown }).code !== 'ECONNRESET') throw error;
}
