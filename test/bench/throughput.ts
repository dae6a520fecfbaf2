import { setTimeout as sleep } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { dataSourceOptions, openDataSource } from '../../src/reference-op/op/data-source.js';
import { describeEachDatabase } from '../support/databases.js';
import { basic } from '../support/operator.js';
import { demoOperator } from '../support/people.js';
import { type ServerProcess, startProcess } from '../support/server-process.js';
import { benchServer } from './bench-server.js';
import { median, table } from './figures.js';
import { answersPerSecond, runsPerSecond } from './load.js';
import { CONNECTIONS, keep, type Throughput } from './results.js';
import { makeUsers, recordsIn } from './users.js';

/** Many more than connections: no two requests at a time are about the same one. */
const USERS = 2000;
const ROUNDS = 3;
const KINDS = ['revocations', 'commits', 'trivial'] as const;
const WARM_UP_SECONDS = 2;
/** In which requests end that were under way when the sending stopped. */
const DRAIN_MS = 400;

describeEachDatabase('revocations per second', (database) => {
  let server: ServerProcess;
  let url: string;
  let databaseUrl: string;
  /** A database of its own for the floor: two processes that write to one SQLite file wait for each other. */
  let floor: DataSource;
  const drops: Array<() => Promise<void>> = [];

  const create = async (): Promise<string> => {
    const own = await database.create();
    drops.push(own.drop);
    return own.url;
  };

  const open = (databaseUrl: string): Promise<DataSource> => openDataSource(dataSourceOptions(databaseUrl));

  /** The built server as a process of its own; this process sends the requests. */
  beforeAll(async () => {
    databaseUrl = await create();
    const own = await benchServer(databaseUrl);
    url = own.url;
    server = await startProcess(process.cwd(), own.settings);
    await (await makeUsers(await open(databaseUrl), uids)).destroy();
    floor = await makeUsers(await open(await create()), uids);
  });
  afterAll(async () => {
    await server.stop();
    await floor.destroy();
    for (const drop of drops) await drop();
  });

  let turn = 0;
  const next = (): number => (turn += 1) % USERS;

  const revocations = async (connections: number, seconds?: number): Promise<number> => {
    const rate = await answersPerSecond(
      {
        url: `${url}/global-token-revocation`,
        method: 'POST',
        headers: {
          authorization: basic(demoOperator.clientId, demoOperator.secret),
          'content-type': 'application/json',
        },
        requests: [{ setupRequest: (request) => ({ ...request, body: bodyFor(next()) }) }],
        connections,
      },
      seconds,
    );
    await sleep(DRAIN_MS);
    return rate;
  };

  const trivial = (connections: number, seconds?: number): Promise<number> =>
    answersPerSecond({ url: `${url}/favicon.ico`, connections }, seconds);

  /** The driver's floor: one row by its key, in autocommit, always with a value it did not have. */
  const commits = (connections: number, seconds?: number): Promise<number> => {
    const [name, id] = database.name === 'postgres' ? ['$1', '$2'] : ['?', '?'];
    const update = `UPDATE op_user SET name = ${name} WHERE id = ${id}`;
    return runsPerSecond(() => floor.query(update, [`name ${turn}`, uid(next())]), connections, seconds);
  };

  const kinds = { revocations, commits, trivial };

  test(`${CONNECTIONS.join(', ')} connections: each request gets 204 and has a record`, async () => {
    for (const measure of Object.values(kinds)) await measure(16, WARM_UP_SECONDS);
    const figures: Throughput = { revocations: [], commits: [], trivial: [] };
    let least = 0;
    for (const connections of CONNECTIONS) {
      const rounds: Throughput = { revocations: [], commits: [], trivial: [] };
      for (let round = 0; round < ROUNDS; round += 1) {
        for (const kind of KINDS) {
          rounds[kind].push(await kinds[kind](connections));
        }
      }
      least += Math.floor(rounds.revocations.reduce((sum, rate) => sum + rate, 0));
      for (const kind of KINDS) figures[kind].push(median(rounds[kind]));
    }
    keep(database.name, { throughput: figures });
    console.log(`\n${database.name}: per second, medians of ${ROUNDS} s each, interleaved`);
    console.log(table([HEAD, ...CONNECTIONS.map((connections, i) => line(connections, i, figures))]));
    expect(await recordsIn(await open(databaseUrl))).toBeGreaterThanOrEqual(least);
  });
});

const uid = (number: number): string => `bench-${number}`;

const uids = Array.from({ length: USERS }, (_, i) => uid(i));

const bodyFor = (number: number): string => JSON.stringify({ sub_id: { format: 'uid', id: uid(number) } });

const HEAD = ['connections', 'revocations', 'commits', 'trivial', 'rev/commit', 'rev/trivial'];

const line = (
  connections: number,
  i: number,
  { revocations, commits, trivial }: Throughput,
): Array<number | string> => [
  connections,
  Math.round(revocations[i]!),
  Math.round(commits[i]!),
  Math.round(trivial[i]!),
  (revocations[i]! / commits[i]!).toFixed(2),
  (revocations[i]! / trivial[i]!).toFixed(2),
];
