import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeEachDatabase } from '../support/databases.js';
import { revoke } from '../support/operator.js';
import { demoApp } from '../support/people.js';
import { post } from '../support/race-http.js';
import { startServer, type TestServer } from '../support/server.js';
import { median, quantile, sample, table } from './figures.js';
import { keep } from './results.js';
import { type Holder, makeHolder } from './holders.js';
import { statementsOf } from './statements.js';

/** How many tokens the users hold whose revocation is timed. */
const TIMED = [10, 1000, 100_000, 1_000_000];

/** Sizes at which others leave something alive. */
const BATCH_EDGES = [101, 501, 65_536];

const REVOCATIONS = 300;
const WARM_UP = 50;
const SAMPLE = 50;
const RATIO_MAX = 1.2;

describeEachDatabase('cost of a revocation', (database) => {
  let server: TestServer;
  const holders = new Map<number, Holder>();

  beforeAll(async () => {
    server = await startServer(database);
    for (const count of [...TIMED, ...BATCH_EDGES]) holders.set(count, await makeHolder(server, count));
  });
  afterAll(() => server.stop());

  const revokeAll = async ({ uid }: Holder): Promise<void> => {
    const { status } = await revoke(server, { format: 'uid', id: uid });
    if (status !== 204) throw new Error(`not revoked: ${status}`);
  };

  const activeOf = async (tokens: string[]): Promise<number> => {
    let active = 0;
    for (const token of tokens) {
      const { body } = await post(`${server.url}/token/introspection`, demoApp, { token });
      active += Number((JSON.parse(body) as { active: boolean }).active);
    }
    return active;
  };

  test.each([...TIMED, ...BATCH_EDGES])(
    'of %i tokens, a sample is active before and rejected after the revocation',
    async (n) => {
      const holder = holders.get(n)!;
      const tokens = sample(holder.tokens, SAMPLE);
      expect(await activeOf(tokens)).toBe(tokens.length);
      await revokeAll(holder);
      expect(await activeOf(tokens)).toBe(0);
      console.log(`${database.name}: ${tokens.length} of ${n} tokens, active before, refused after one revocation`);
    },
  );

  test(`revoking 1,000,000 tokens takes at most ${RATIO_MAX} times as long as revoking 10`, async () => {
    const times = new Map(TIMED.map((n) => [n, [] as number[]]));
    for (let turn = -WARM_UP; turn < REVOCATIONS; turn += 1) {
      for (let i = 0; i < TIMED.length; i += 1) {
        const n = TIMED[(turn + WARM_UP + i) % TIMED.length]!;
        const start = performance.now();
        await revokeAll(holders.get(n)!);
        if (turn >= 0) times.get(n)!.push(performance.now() - start);
      }
    }
    const statements = await statementsOf(server.dataSource, () => revokeAll(holders.get(TIMED.at(-1)!)!));
    const medians = TIMED.map((n) => median(times.get(n)!));
    keep(database.name, { cost: new Map(TIMED.map((n, i) => [n, medians[i]!])) });
    const ratio = Math.max(...medians) / Math.min(...medians);
    const rows = TIMED.map((n, i) => [n, REVOCATIONS, ms(medians[i]!), ms(quantile(times.get(n)!, 0.95))]);
    console.log(`\n${database.name}`);
    console.log(table([['tokens stored', 'revocations', 'median', 'p95'], ...rows]));
    console.log(`largest median / smallest: ${ratio.toFixed(2)} (at most ${RATIO_MAX})`);
    console.log(`statements of one revocation: ${statements.length}\n  ${statements.map(short).join('\n  ')}\n`);
    expect(ratio).toBeLessThanOrEqual(RATIO_MAX);
  });
});

const ms = (value: number): string => `${value.toFixed(2)} ms`;
const short = (sql: string): string => (sql.length > 120 ? `${sql.slice(0, 117)}...` : sql);
