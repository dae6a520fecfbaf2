import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { LIVE_BY_ID } from '../../src/adapters/oidc-provider/record-statements.js';
import { subjectKey } from '../../src/revocation/subject-epochs.js';
import { sha256Hex } from '../../src/database/digest.js';
import { describeEachDatabase } from '../support/databases.js';
import { basic, revoke } from '../support/operator.js';
import { demoApp } from '../support/people.js';
import { encode, formHeaders, post } from '../support/race-http.js';
import { startServer, type TestServer } from '../support/server.js';
import { median, table } from './figures.js';
import { type Holder, makeHolder } from './holders.js';
import { answersPerSecond } from './load.js';
import { keep } from './results.js';
import { overrideFor, type Variant, variants, withoutJoin } from './unchecked.js';

const ROUNDS = 9;
const CONNECTIONS = 16;
const WARM_UP_SECONDS = 2;
const GOAL = 0.05;
/** A busy machine does not fail. */
const SLOWER_MAX = 0.15;

const QUERY_ROUNDS = 40;
const QUERIES = 100;

describeEachDatabase('cost of the epoch check', (database) => {
  const servers = new Map<Variant, TestServer>();
  let holder: Holder;
  let drop: () => Promise<void>;

  beforeAll(async () => {
    const own = await database.create();
    drop = own.drop;
    const dataDir = await mkdtemp(join(inject('tempDir'), 'bench-'));
    for (const variant of variants) {
      const env = { GTR_SWEEP_INTERVAL_MS: '0' };
      servers.set(
        variant,
        await startServer(database, { databaseUrl: own.url, dataDir, env, ...overrideFor(variant) }),
      );
    }
    holder = await makeHolder(servers.get('shipped')!, 1);
  });
  afterAll(async () => {
    for (const server of servers.values()) await server.stop();
    await drop();
  });

  const isActive = async (variant: Variant): Promise<boolean> => {
    const { url } = servers.get(variant)!;
    const { body } = await post(`${url}/token/introspection`, demoApp, { token: holder.tokens[0]! });
    return (JSON.parse(body) as { active: boolean }).active;
  };

  const introspections = (variant: Variant, seconds?: number): Promise<number> =>
    answersPerSecond(
      {
        url: `${servers.get(variant)!.url}/token/introspection`,
        method: 'POST',
        headers: formHeaders(basic(demoApp.clientId, demoApp.secret)) as Record<string, string>,
        body: encode({ token: holder.tokens[0]! }),
        connections: CONNECTIONS,
        workers: 1,
      },
      seconds,
    );

  /** Microseconds of one query each, without HTTP. */
  const queryCosts = async (): Promise<Record<'joined' | 'plain' | 'look', number>> => {
    const { dataSource } = servers.get('shipped')!;
    const id = sha256Hex(`AccessToken:${holder.tokens[0]}`);
    const queries = {
      joined: [LIVE_BY_ID, [id]],
      plain: [withoutJoin(LIVE_BY_ID), [id]],
      look: ['SELECT epoch FROM gtr_subject_epoch WHERE subject_hash IN (?)', [subjectKey(holder.uid)]],
    } as const;
    const names = ['joined', 'plain', 'look'] as const;
    const times = { joined: [] as number[], plain: [] as number[], look: [] as number[] };
    for (let round = -1; round < QUERY_ROUNDS; round += 1) {
      for (const name of names) {
        const [sql, parameters] = queries[name];
        const from = performance.now();
        for (let i = 0; i < QUERIES; i += 1) {
          const rows = await dataSource.query<unknown[]>(sql, [...parameters]);
          if (rows.length !== 1) throw new Error(`${rows.length} rows: ${sql}`);
        }
        if (round >= 0) times[name].push(((performance.now() - from) / QUERIES) * 1000);
      }
    }
    return { joined: median(times.joined), plain: median(times.plain), look: median(times.look) };
  };

  test(`with and without → at most ${SLOWER_MAX * 100} % apart`, async () => {
    for (const variant of variants) {
      expect(await isActive(variant), variant).toBe(true);
      await introspections(variant, WARM_UP_SECONDS);
    }
    const rates = new Map(variants.map((variant) => [variant, [] as number[]]));
    for (let round = 0; round < ROUNDS; round += 1) {
      for (let i = 0; i < variants.length; i += 1) {
        const variant = variants[(round + i) % variants.length]!;
        rates.get(variant)!.push(await introspections(variant));
      }
    }
    const bare = rates.get('unchecked')!;
    const slower = (variant: Variant): number => 1 - median(rates.get(variant)!.map((rate, i) => rate / bare[i]!));
    const query = await queryCosts();
    const [checked, unchecked] = [median(rates.get('shipped')!), median(bare)];
    keep(database.name, { introspection: { checked, unchecked, slower: slower('shipped'), query } });
    const rows = variants.map((variant) => [
      variant,
      Math.round(median(rates.get(variant)!)),
      `${(slower(variant) * 100).toFixed(1)} %`,
    ]);
    console.log(`\n${database.name}: introspections, ${CONNECTIONS} connections, medians of ${ROUNDS} s, interleaved`);
    console.log(table([['', 'per second', 'slower'], ...rows]));
    console.log(`goal: at most ${GOAL * 100} % slower`);
    console.log(`query with the join ${us(query.joined)}, without ${us(query.plain)}; last look ${us(query.look)}\n`);
    expect(slower('shipped')).toBeLessThanOrEqual(SLOWER_MAX);
  });

  test('a revocation → refused as shipped, still active without the check', async () => {
    expect((await revoke(servers.get('shipped')!, { format: 'uid', id: holder.uid })).status).toBe(204);
    expect(await isActive('shipped')).toBe(false);
    expect(await isActive('unchecked')).toBe(true);
  });
});

const us = (value: number): string => `${value.toFixed(0)} µs`;
