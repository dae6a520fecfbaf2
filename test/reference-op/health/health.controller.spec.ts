import libsql from 'libsql';
import type { DataSource } from 'typeorm';
import { describe, expect, test } from 'vitest';
import { gracefulShutdown } from '../../../src/reference-op/shutdown.js';
import { asOperator, send, uidBody } from '../../module/endpoint/send.js';
import { withoutTable } from '../../module/endpoint/sql-log.js';
import { clock } from '../../support/clock.js';
import { databases, describeEachServer } from '../../support/databases.js';
import { startForTest, serverFixture, startServer } from '../../support/server.js';

describeEachServer('health', (database) => {
  const server = serverFixture(database);
  const pass = clock();

  const ask = async (path: string) => {
    const { status, headers, body } = await send(server.url + path, { method: 'GET' });
    expect(headers['cache-control']).toContain('no-store');
    return { status, body: JSON.parse(body) as Record<string, unknown> };
  };
  /** What `/readyz` says once what it knew is stale. */
  const becomes = async (answer: object): Promise<void> => {
    pass(1001);
    expect(await ask('/readyz')).toMatchObject(answer);
  };
  const isReady = () => becomes({ status: 200, body: { status: 'ok' } });
  const isDown = (part: string) =>
    becomes({ status: 503, body: { status: 'error', error: { [part]: { status: 'down', message: 'see the log' } } } });

  test('a running server is alive and ready', async () => {
    expect(await ask('/livez')).toMatchObject({ status: 200, body: { status: 'ok' } });
    await isReady();
  });

  test('simultaneous requests query the database once', async () => {
    await isReady();
    pass(1001);
    const asked = countWrites(server.dataSource);
    const began = performance.now();
    await Promise.all(Array.from({ length: 50 }, () => ask('/readyz')));
    const stale = Math.floor((performance.now() - began) / 1000); // on a slow machine
    expect(asked()).toBeLessThanOrEqual(1 + stale);
    expect(asked()).toBeGreaterThan(0);
  });

  test('an unwritable table makes the server not ready but alive, and logs the cause', async () => {
    await withoutTable(server.dataSource, 'gtr_subject_epoch', async () => {
      await isDown('database');
      expect((await ask('/livez')).status).toBe(200);
    });
    expect(server.log.lines.map(({ message }) => message)).toContainEqual(
      expect.stringMatching(/^not ready: database: .*gtr_subject_epoch/),
    );
    await isReady();
  });

  test('not ready when no row can be written, as on a full disk', async () => {
    const { dataSource } = server;
    const raise = {
      sqlite: `BEGIN SELECT RAISE(FAIL, 'full'); END`,
      mariadb: `BEGIN SIGNAL SQLSTATE '45000'; END`,
      postgres: 'EXECUTE FUNCTION is_full()',
    }[database.name];
    if (database.name === 'postgres')
      await dataSource.query(
        `CREATE FUNCTION is_full() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'full'; END $$`,
      );
    await dataSource.query(`CREATE TRIGGER disk_full BEFORE INSERT ON gtr_subject_epoch FOR EACH ROW ${raise}`);
    await isDown('database');
    await dataSource.query(`DROP TRIGGER disk_full${database.name === 'postgres' ? ' ON gtr_subject_epoch' : ''}`);
    await isReady();
  });

  test('a probe leaves no row behind', async () => {
    await isReady();
    expect(await server.dataSource.query('SELECT * FROM gtr_subject_epoch')).toEqual([]);
  });

  test('a pending migration makes the server not ready', async () => {
    const [last] = await server.dataSource.query<Array<{ id: number; timestamp: string; name: string }>>(
      'SELECT id, timestamp, name FROM op_migration ORDER BY id DESC LIMIT 1',
    );
    await server.dataSource.query(`DELETE FROM op_migration WHERE id = ${last!.id}`);
    await isDown('migrations');
    const values = `${last!.id}, ${last!.timestamp}, '${last!.name}'`;
    await server.dataSource.query(`INSERT INTO op_migration (id, timestamp, name) VALUES (${values})`);
    await isReady();
  });
});

/** Statements that change a row, or would. */
function countWrites(dataSource: DataSource): () => number {
  let writes = 0;
  const create = dataSource.createQueryRunner.bind(dataSource);
  dataSource.createQueryRunner = (mode) => {
    const runner = create(mode);
    const query = runner.query.bind(runner) as (...args: unknown[]) => Promise<unknown>;
    runner.query = ((...args: unknown[]) => {
      if (String(args[0]).startsWith('INSERT')) writes += 1;
      return query(...args);
    }) as typeof runner.query;
    return runner;
  };
  return () => writes;
}

describe('health on SQLite', () => {
  test('a file that cannot be written makes the server not ready', async () => {
    const server = await startForTest(databases[0]!);
    await server.dataSource.query('PRAGMA query_only = 1');
    const { status, body } = await send(`${server.url}/readyz`, { method: 'GET' });
    expect([status, body]).toEqual([503, expect.stringContaining('"database":{"')]);
  });

  test('a probe commits what it writes to the file', async () => {
    const server = await startForTest(databases[0]!);
    const other = new libsql(server.databaseUrl.slice('sqlite:'.length), { readonly: true });
    const version = () => other.pragma('data_version', { simple: true });
    const before = version();
    expect((await send(`${server.url}/readyz`, { method: 'GET' })).status).toBe(200);
    expect(version()).not.toBe(before);
    other.close();
  });
});

describe('health during shutdown', () => {
  test('the server is not ready at once, keeps serving, then accepts no more connections', async () => {
    let shutDown!: () => Promise<void>;
    const server = await startServer(databases[0]!, { beforeListen: (app) => (shutDown = gracefulShutdown(app, 500)) });
    const status = async (path: string) => (await send(server.url + path, { method: 'GET' })).status;
    expect(await status('/readyz')).toBe(200);

    const stopped = shutDown();
    const { status: answered, body } = await send(`${server.url}/readyz`, { method: 'GET' });
    expect([answered, body]).toEqual([503, expect.stringContaining('about to stop')]);
    expect(await status('/livez')).toBe(200);
    expect((await send(server.endpoint, { headers: asOperator, body: uidBody('alice') })).status).toBe(204);
    await expect
      .poll(() => status('/readyz').catch(({ code }) => code as string), { timeout: 3000 })
      .toBe('ECONNREFUSED');
    await stopped;
  });
});
