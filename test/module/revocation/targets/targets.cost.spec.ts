import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SqlLog } from '../../endpoint/sql-log.js';
import { describeEachDatabase } from '../../../support/databases.js';
import { shorten } from '../../../support/shorten.js';
import { refreshTokens, RefreshToken } from '../host-tables.js';
import { TargetHost, times } from '../target-host.js';

const BATCH = 500;
const owners = { few: 10, many: 1000, most: 100_000 };
type Owner = keyof typeof owners;

describeEachDatabase('cost of revoking a user with many rows', (database) => {
  let host: TargetHost;
  let sql: SqlLog;
  const records = {} as Record<Owner, string>;
  const costs = {} as Record<Owner, { statements: string[]; parameters: unknown[][]; ms: number }>;

  beforeAll(async () => {
    host = await TargetHost.start(database, [{ ...refreshTokens, batch: BATCH }]);
    const { dataSource } = host;
    await host.insert(
      RefreshToken,
      times(1000, () => ({ userId: 'most' })),
    );
    for (let rows = 1000; rows < owners.most; rows *= 2) {
      const number = Math.min(rows, owners.most - rows);
      await dataSource.query(
        `INSERT INTO host_refresh_token (user_id) SELECT user_id FROM host_refresh_token LIMIT ${number}`,
      );
    }
    await host.insert(RefreshToken, [
      ...times(owners.many, () => ({ userId: 'many' })),
      ...times(owners.few, () => ({ userId: 'few' })),
      ...times(BATCH, () => ({ userId: 'bob' })),
    ]);
    await host.revoke('bob'); // what is done once: connections, prepared statements
    sql = new SqlLog(dataSource);
    for (const owner of Object.keys(owners) as Owner[]) {
      const began = performance.now();
      const statements = await sql.of(async () => (records[owner] = await host.revoke(owner)));
      costs[owner] = { statements, parameters: [...sql.parameters], ms: performance.now() - began };
    }
  }, 180_000);
  afterAll(() => host.stop());

  test('runs the same statements for 10, 1,000 and 100,000 rows, and ends at most one batch in the request', async () => {
    const shapes = Object.values(costs).map(({ statements }) => statements.map(withoutKeys));
    expect(shapes).toEqual([shapes[0], shapes[0], shapes[0]]);
    for (const [owner, rows] of Object.entries(owners)) {
      const inRequest = Math.min(rows, BATCH);
      expect(await host.count(RefreshToken, { userId: owner })).toBe(rows - inRequest);
      const left = { tokens: inRequest, targetsLeft: Number(rows > BATCH), completedAt: null };
      expect(await host.record(records[owner as Owner])).toMatchObject(left);
    }
  });

  test('no statement reads longer for 100,000 rows than for 1,000', async () => {
    const { statements } = costs.most;
    const reads = statements.flatMap((text, i) => (/^SELECT[^]*host_refresh_token/.test(text) ? [i] : []));
    expect(reads.length).toBeGreaterThan(1);
    for (const i of reads) {
      const [many, most] = [await fastest('many', i), await fastest('most', i)];
      expect(most, `${statements[i]}: ${most} ms, not ${many} ms`).toBeLessThan(10 * many);
    }
  });

  /** The shortest of many times, in milliseconds: a busy machine only adds to it. */
  async function fastest(owner: Owner, i: number): Promise<number> {
    const { statements, parameters } = costs[owner];
    const took: number[] = [];
    for (let run = 0; run < 20; run += 1) {
      const began = performance.now();
      await host.dataSource.query(statements[i]!, parameters[i]);
      took.push(performance.now() - began);
    }
    return Math.min(...took);
  }

  test('takes about as long for 100,000 rows as for 1,000', () => {
    console.log(
      `${database.name}: ${Object.entries(costs)
        .map(([owner, { ms }]) => `${owner} ${ms.toFixed(1)} ms`)
        .join(', ')}`,
    );
    expect(costs.most.ms).toBeLessThan(5 * costs.many.ms + 100);
  });

  test('the sweeper ends the rest, keeps later rows and other users, and does not block requests', async () => {
    await host.insert(RefreshToken, [...times(3, () => ({ userId: 'most' })), ...times(7, () => ({ userId: 'bob' }))]);
    shorten(20, 1); // the pauses between 200 batches
    const waits: number[] = [];
    const sweeping = new AbortController();
    const bystander = (async () => {
      while (!sweeping.signal.aborted) {
        const began = performance.now();
        await host.insert(RefreshToken, [{ userId: 'bob' }]);
        waits.push(performance.now() - began);
        await sleep(5);
      }
    })();
    const began = performance.now();
    await host.sweep(0);
    sweeping.abort();
    await bystander;

    waits.sort((a, b) => a - b);
    const at = (share: number) => `${waits[Math.floor(share * (waits.length - 1))]!.toFixed(1)} ms`;
    console.log(
      `${database.name}: 100,000 rows in ${((performance.now() - began) / 1000).toFixed(1)} s; ` +
        `${waits.length} inserts of a bystander, median ${at(0.5)}, p99 ${at(0.99)}, longest ${at(1)}`,
    );
    for (const [owner, tokens] of Object.entries(owners)) {
      const complete = { tokens, targetsLeft: 0, completedAt: expect.any(Number) as number };
      expect(await host.record(records[owner as Owner])).toMatchObject(complete);
    }
    expect(await host.count(RefreshToken, { userId: 'most' })).toBe(3);
    expect(await host.count(RefreshToken, { userId: 'bob' })).toBe(7 + waits.length);
  }, 180_000);
});

/** Lists of keys are as long as a batch has rows. */
const withoutKeys = (statement: string): string =>
  statement.replaceAll(/\$\d+/g, '?').replaceAll(/\((?:\?, )*\?\)/g, '(…)');
