import { basename } from 'node:path';
import { expect, test } from 'vitest';
import { describeEachDatabase, type TestDatabase } from '../support/databases.js';
import { basic } from '../support/operator.js';
import { alice, bob, breakfast, demoApp, demoOperator } from '../support/people.js';
import { encode, formHeaders, post } from '../support/race-http.js';
import { QuickBrowser } from '../support/race-sign-in.js';
import { startProcess } from '../support/server-process.js';
import { benchServer } from './bench-server.js';
import { median, quantile, table } from './figures.js';
import { inTurns } from './slices.js';

/** Folders of checkouts, each installed and built, separated by colons. All are compared with the first. */
const CHECKOUTS = process.env.BENCH_CHECKOUTS?.split(':') ?? [];
/** Each with new processes: by chance, a process may be faster than another of the same code. */
const ROUNDS = 9;
const SLICES = 12;
const SLICE_MS = 250;

const requests = {
  introspections: {
    path: '/token/introspection',
    headers: formHeaders(basic(demoApp.clientId, demoApp.secret)),
    bodies: (token: string) => [encode({ token })],
  },
  revocations: {
    path: '/global-token-revocation',
    headers: { authorization: basic(demoOperator.clientId, demoOperator.secret), 'content-type': 'application/json' },
    bodies: () => [bob, breakfast].map(({ uid: id }) => JSON.stringify({ sub_id: { format: 'uid', id } })),
  },
};

describeEachDatabase('latency with one connection', (database) => {
  test.each(Object.entries(requests))('of %s', async (name, { path, headers, bodies }) => {
    expect(CHECKOUTS.length, 'BENCH_CHECKOUTS=folder:folder').toBeGreaterThan(1);
    const all: Array<Array<{ ms: number; ratio: number }>> = CHECKOUTS.map(() => []);
    for (let round = 0; round < ROUNDS; round += 1) {
      const servers = await Promise.all(CHECKOUTS.map((checkout) => start(checkout, database)));
      const rates = await inTurns(
        servers.map(({ url }) => url + path),
        SLICES,
        {
          method: 'POST',
          headers,
          bodies: Object.fromEntries(servers.map(({ url, token }) => [url + path, bodies(token)])),
          connections: 1,
          milliseconds: SLICE_MS,
        },
      );
      for (const [i, own] of rates.entries()) {
        const ratio = median(own.map((rate, slice) => rates[0]![slice]! / rate));
        all[i]!.push({ ms: 1000 / median(own), ratio });
      }
      for (const { stop } of servers) await stop();
    }
    console.log(`\n${database.name}: ${name}, ${ROUNDS} rounds; ratio with quartiles`);
    console.log(table(all.map((rounds, i) => [basename(CHECKOUTS[i]!), ...figuresOf(rounds)])));
  });
});

function figuresOf(rounds: ReadonlyArray<{ ms: number; ratio: number }>): string[] {
  const ratios = rounds.map(({ ratio }) => ratio);
  return [
    `${median(rounds.map(({ ms }) => ms)).toFixed(3)} ms`,
    ...[0.25, 0.5, 0.75].map((part) => quantile(ratios, part).toFixed(3)),
  ];
}

/** Starts the server of a checkout, on which alice has signed in. */
async function start(checkout: string, database: TestDatabase) {
  const { url: databaseUrl, drop } = await database.create();
  const { url, settings } = await benchServer(databaseUrl);
  const main = `${checkout}/src/reference-op/dist/main.js`;
  const server = await startProcess(checkout, settings, main).catch((error: Error) => {
    // Older servers have fewer limits, and refuse settings that they do not know.
    if (!error.message.includes('GTR_RECORDS_PER_MINUTE')) throw error;
    const { GTR_RECORDS_PER_MINUTE: _, ...known } = settings;
    return startProcess(checkout, known, main);
  });
  const { body } = await post(`${url}/token`, demoApp, await new QuickBrowser({ url }).signIn(alice));
  const stop = async (): Promise<void> => {
    await server.kill();
    await drop();
  };
  return { url, token: (JSON.parse(body) as { access_token: string }).access_token, stop };
}
