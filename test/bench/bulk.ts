import { mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { dataSourceOptions, openDataSource } from '../../src/reference-op/op/data-source.js';
import { startCtl } from '../cli/ctl.js';
import { describeEachDatabase } from '../support/databases.js';
import { freePort } from '../support/free-port.js';
import { basic } from '../support/operator.js';
import { demoApp } from '../support/people.js';
import { encode, formHeaders } from '../support/race-http.js';
import { type ServerProcess, startProcess } from '../support/server-process.js';
import { unlimited } from '../support/unlimited.js';
import { quantile } from './figures.js';
import { keep } from './results.js';
import { makeUsers } from './users.js';

const USERS = 20_000;
/** Users per second while others use the server. */
const RATE = 500;
const SECONDS = 8;
/** Requests of bystanders at a time, each after a pause. */
const BYSTANDERS = 4;
const PAUSE_MS = 10;
const GOAL = 2;

describeEachDatabase('ctl revoke --from', (database) => {
  let server: ServerProcess;
  let url: string;
  let settings: Record<string, string>;
  let folder: string;
  let drop: () => Promise<void>;
  const uids = Array.from({ length: USERS }, (_, i) => `bulk-${i}`);

  beforeAll(async () => {
    const own = await database.create();
    drop = own.drop;
    folder = await mkdtemp(join(inject('tempDir'), 'bulk-'));
    settings = { DATABASE_URL: own.url, GTR_DATA_DIR: folder };
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    const address = { PORT: String(port), ISSUER: url, GTR_HOST: '127.0.0.1' };
    server = await startProcess(process.cwd(), { ...settings, ...address, GTR_SWEEP_INTERVAL_MS: '0', ...unlimited });
    await (await makeUsers(await openDataSource(dataSourceOptions(own.url)), uids)).destroy();
  });
  afterAll(async () => {
    await server.stop();
    await drop();
  });

  /** Revokes these users with the command line, as a process of its own. @returns users per second, its start included */
  const revoke = async (users: readonly string[], more: string[] = [], onBegin = () => {}): Promise<number> => {
    const list = join(folder, `${users.length}${more.join('')}`);
    await writeFile(list, users.join('\n'));
    const started = performance.now();
    const options = ['--result', `${list}.jsonl`, '--yes', '--json', ...more];
    const ctl = await startCtl(['revoke', '--from', list, '--format', 'uid', ...options], settings);
    await ctl.until((_out, err) => err.includes('--run'));
    onBegin();
    const { code, out } = await ctl.ended(120_000);
    const seconds = (performance.now() - started) / 1000;
    expect([code, JSON.parse(out)]).toEqual([0, expect.objectContaining({ revoked: users.length })]);
    return users.length / seconds;
  };

  /** Asks about tokens of nobody until `isOver`. @returns milliseconds of each answer */
  const bystanders = async (isOver: () => boolean): Promise<number[]> => {
    const times: number[] = [];
    const headers = formHeaders(basic(demoApp.clientId, demoApp.secret));
    const lane = async (lane: number): Promise<void> => {
      while (!isOver()) {
        const body = encode({ token: `${lane} ${times.length}`.padEnd(43, 'x') });
        const from = performance.now();
        const answer = await fetch(`${url}/token/introspection`, { method: 'POST', headers, body });
        await answer.text();
        times.push(performance.now() - from);
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      }
    };
    await Promise.all(Array.from({ length: BYSTANDERS }, (_, i) => lane(i)));
    return times;
  };
  const forSeconds = (seconds: number): (() => boolean) => {
    const end = performance.now() + seconds * 1000;
    return () => performance.now() > end;
  };

  test(`revokes ${USERS} users`, async () => {
    await revoke(uids.slice(0, 100)); // compiles, and opens files
    const perSecond = await revoke(uids);
    keep(database.name, { bulk: { perSecond } });
    console.log(`\n${database.name}: ${Math.round(perSecond)} users per second, from a list of ${USERS}`);
  });

  test(`measures p99 of others without a run and with --rate ${RATE}`, async () => {
    await bystanders(forSeconds(2));
    const before = await bystanders(forSeconds(SECONDS));
    let isDone = false;
    let during: Promise<number[]> = Promise.resolve([]);
    const begin = (): void => void (during = bystanders(() => isDone));
    await revoke(uids.slice(0, RATE * SECONDS), ['--rate', String(RATE)], begin).finally(() => (isDone = true));
    const [quiet, busy] = [quantile(before, 0.99), quantile(await during, 0.99)];
    console.log(
      `${database.name}: p99 of ${before.length} introspections: ${quiet.toFixed(1)} ms, ` +
        `with --rate ${RATE} ${busy.toFixed(1)} ms, ${(busy / quiet).toFixed(2)} times as high (goal: ${GOAL})\n`,
    );
  });
});
