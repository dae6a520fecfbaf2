import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, rm, writeFile } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { runOnServer } from '../../../src/testing/own-database.js';
import { SubjectEpochs } from '../../../src/module/index.js';
import { type Host, type HostOptions, startHost } from '../host.js';
import type { DatabaseServer } from '../../support/database-server.js';
import { databases } from '../../support/databases.js';
import { freePort } from '../../support/free-port.js';
import { isInstalled } from '../../support/tools.js';
import { startPostgres } from '../../support/postgres.js';
import { scratch } from '../../support/scratch.js';
import { createDatabase } from '../../support/server-database.js';

const isListening = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = createConnection(port, '127.0.0.1', () => resolve(!!socket.destroy()));
    socket.on('error', () => resolve(false));
  });

const has = databases.some(({ name, available }) => name === 'postgres' && available);

/** A server of its own: its settings are changed. */
describe.skipIf(!has)('PostgreSQL settings', () => {
  let server: DatabaseServer;
  let host: Host | undefined;

  beforeAll(async () => {
    server = await startPostgres();
  });
  afterEach(async () => {
    vi.restoreAllMocks();
    await host?.app.close();
    host = undefined;
  });
  afterAll(() => server?.stop());

  /** Statements about the database of a url. */
  const run = (url: string, sql: string): Promise<void> =>
    runOnServer(new URL(server.url), sql.replace('$', new URL(url).pathname.slice(1)));

  async function start(url: string, production: boolean, more: object = {}): Promise<Host> {
    const dataSource = {
      type: 'postgres',
      url,
      installExtensions: false,
      ...more,
    } as Required<HostOptions>['dataSource'];
    host = await startHost('express', { dataSource, options: { production } });
    return host;
  }
  const messageOf = (url: string, production: boolean, more?: object): Promise<string> =>
    start(url, production, more).then(
      () => 'it has started',
      (error: Error) => error.message,
    );

  test('the module starts in production and works with the right settings', async () => {
    const { app } = await start(await createDatabase(server.url), true);
    expect(await app.get(SubjectEpochs).epochForSignIn('x')).toBeGreaterThan(0);
  });

  test('the tables can be in a schema of their own', async () => {
    const url = await createDatabase(server.url);
    const { app, dataSource } = await start(url, true).then(async (first) => {
      await first.dataSource.query('CREATE SCHEMA "Auth"');
      for (const { tableName } of first.dataSource.entityMetadatas)
        await first.dataSource.query(`ALTER TABLE "${tableName}" SET SCHEMA "Auth"`);
      await first.app.close();
      return start(url, true, { schema: 'Auth', synchronize: false, migrationsRun: false });
    });
    const epochs = app.get(SubjectEpochs);
    const epoch = await epochs.epochForSignIn('x');
    await dataSource.transaction((manager) => epochs.raise(manager, 'x'));
    expect(await epochs.isCurrent('x', epoch)).toBe(false);
  });

  test('synchronous_commit = off prevents startup in production and warns elsewhere', async () => {
    const url = await createDatabase(server.url);
    await run(url, 'ALTER DATABASE $ SET synchronous_commit = off');
    const problem =
      'synchronous_commit is off, so a crash can undo a revocation that was answered with 204: set it to on';
    expect(await messageOf(url, true)).toBe(`GlobalRevocationModule: ${problem}`);
    const warn = vi.spyOn(Logger.prototype, 'warn').mockImplementation(() => {});
    await start(url, false);
    expect(warn).toHaveBeenCalledWith(expect.stringContaining(problem));
  });

  test('fsync = off prevents startup in production', async () => {
    const url = await createDatabase(server.url);
    await run(url, 'ALTER SYSTEM SET fsync = off');
    await run(url, 'SELECT pg_reload_conf()');
    await expect.poll(() => messageOf(url, true)).toMatch(/fsync is off, .*: set it to on$/);
    await run(url, 'ALTER SYSTEM RESET fsync');
    await run(url, 'SELECT pg_reload_conf()');
  });

  test('default_transaction_read_only prevents startup', async () => {
    const url = await createDatabase(server.url);
    await start(url, false).then(({ app }) => app.close());
    await run(url, 'ALTER DATABASE $ SET default_transaction_read_only = on');
    expect(await messageOf(url, false)).toMatch(/default_transaction_read_only is on: set it to off/);
  });

  test('another encoding than UTF8 prevents startup', async () => {
    const url = await createDatabase(server.url);
    await run(url, 'DROP DATABASE $');
    await run(url, `CREATE DATABASE $ ENCODING 'LATIN1' TEMPLATE template0 LOCALE 'C' LOCALE_PROVIDER libc`);
    expect(await messageOf(url, false)).toMatch(/has the encoding LATIN1, .*: create it with ENCODING 'UTF8'/);
  });

  test('a standby prevents startup', async () => {
    const standby = await startPostgres('memory', 'standby');
    try {
      const more = { synchronize: false, migrationsRun: false };
      expect(await messageOf(`${standby.url}/postgres`, false, more)).toMatch(
        /the database is a standby, .*: connect to the primary/,
      );
    } finally {
      await standby.stop();
    }
  });

  describe.runIf(isInstalled('pgbouncer'))('behind PgBouncer', () => {
    test.each([
      ['statement', /PgBouncer runs with pool_mode = statement, .*: set pool_mode to 'transaction' or 'session'/],
      ['transaction', /it has started/],
    ])('pool_mode = %s', async (mode, expected) => {
      const url = new URL(await createDatabase(server.url));
      await start(url.href, false).then(({ app }) => app.close());
      const dir = await scratch('gtr-pgbouncer-', 'memory');
      const port = String(await freePort());
      const config = `[databases]\n${url.pathname.slice(1)} = user=test host=127.0.0.1 port=${url.port} password=${url.password}
[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = ${port}\nunix_socket_dir =\nauth_type = any\npool_mode = ${mode}
auth_file = ${join(dir, 'users')}\n`;
      await writeFile(join(dir, 'users'), `"test" "${url.password}"\n`);
      await writeFile(join(dir, 'pgbouncer.ini'), config);
      await chmod(dir, 0o755);
      const who = process.getuid?.() === 0 ? ['-u', 'nobody'] : [];
      const bouncer = spawn('pgbouncer', [...who, join(dir, 'pgbouncer.ini')], {
        stdio: 'ignore',
      });
      const ended = once(bouncer, 'close');
      try {
        url.port = port;
        const more = { synchronize: false, migrationsRun: false };
        await expect.poll(() => isListening(Number(port)), { timeout: 20_000 }).toBe(true);
        expect(await messageOf(url.href, false, more)).toMatch(expected);
      } finally {
        await host?.app.close();
        host = undefined;
        bouncer.kill();
        await ended;
        await rm(dir, { recursive: true });
      }
    });
  });
});
