import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, describe, expect, inject, test, vi } from 'vitest';
import { describeEachDatabase } from '../support/databases.js';
import { dataSourceOptions, openDataSource } from '../../src/reference-op/op/data-source.js';
import type { AuthorizationServer, AuthorizationServerOptions } from '../../src/testing/options.js';
import { startAuthorizationServer, userinfo } from './published.js';

const running: AuthorizationServer[] = [];
afterEach(() => Promise.all(running.splice(0).map((server) => server.stop())));

const start = async (options: AuthorizationServerOptions = {}): Promise<AuthorizationServer> => {
  const server = await startAuthorizationServer(options);
  running.push(server);
  return server;
};

/** A script in a process of its own that prints what it started; its servers make their files in `folder`. */
async function script(lines: string): Promise<{ folder: string; path: string; env: NodeJS.ProcessEnv }> {
  const folder = await mkdtemp(join(inject('tempDir'), 'testing-'));
  const path = join(await mkdtemp(join(inject('tempDir'), 'script-')), 'script.cjs');
  const entry = JSON.stringify(join(process.cwd(), 'src/testing/dist/index.cjs'));
  await writeFile(path, `const { startAuthorizationServer } = require(${entry});\n(async () => {\n${lines}\n})();\n`);
  return { folder, path, env: { ...process.env, TMPDIR: folder } };
}

const isServing = (url: string): Promise<boolean> => fetch(url).then(...[() => true, () => false]);

describe('startAuthorizationServer', () => {
  test('without options, provides alice, a client and a sign-in that ends with a revocation', async () => {
    const server = await start();
    const { tokens } = await server.signIn('alice');
    await server.revoke('alice');
    expect(await userinfo(server, tokens.access_token)).toBe(401);
  });

  test('several servers have separate users, tokens and revocations', async () => {
    const servers = await Promise.all([start(), start(), start()]);
    expect(new Set(servers.map(({ issuer }) => issuer)).size).toBe(3);
    const people = await Promise.all(servers.map((server) => server.signIn()));
    await servers[0]!.revoke('alice');
    const statuses = servers.map((server, index) => userinfo(server, people[index]!.tokens.access_token));
    expect(await Promise.all(statuses)).toEqual([401, 200, 200]);
    expect(await userinfo(servers[1]!, people[2]!.tokens.access_token)).toBe(401);
  });

  test('applies path, answer for unknown users and lifetimes', async () => {
    const server = await start({ path: 'revoke', unknownSubject: 'no_content', ttl: { accessToken: 1 } });
    expect(server.endpoint).toBe(`${server.issuer}/revoke`);
    await server.revoke('nobody');
    expect((await server.signIn()).tokens.expires_in).toBe(1);
  });

  test.each<[string, AuthorizationServerOptions, string]>([
    ['an unknown option', { user: [] } as never, "unknown option 'user'; known: users, clients, database"],
    ['a user without a name', { users: [{ name: 'Carol' } as never] }, 'every user needs a uid'],
    ['two users with the same name', { users: [{ uid: 'carol' }, { uid: 'carol' }] }, 'UNIQUE'],
    ['an unsupported database', { database: 'oracle://localhost' }, "database must be 'sqlite', postgres://"],
    ['a missing database', { database: 'mariadb://nobody:nothing@127.0.0.1:9' }, 'ECONNREFUSED'],
    [
      'invalid metadata',
      { clients: [{ client_id: 'app', redirect_uris: ['nowhere'] }] },
      "client 'app': redirect_uris",
    ],
  ])('%s throws an explanation', async (_what, options, message) => {
    await expect(startAuthorizationServer(options)).rejects.toThrow(message);
  });

  test('keeps no process alive and leaves nothing behind when nobody stops it', async () => {
    const { folder, path, env } = await script('console.log((await startAuthorizationServer()).issuer);');
    const { stdout } = await promisify(execFile)(process.execPath, [path], { env });
    expect(stdout).toMatch(/^http:\/\/127\.0\.0\.1:\d+\n$/);
    await vi.waitFor(async () => expect(await readdir(folder)).toEqual([]), { timeout: 10_000 });
    expect(await isServing(stdout.trim())).toBe(false);
  });
});

describeEachDatabase('a server whose parent process is killed', ({ where: database }) => {
  test('ends and leaves nothing behind', async () => {
    const { folder, path, env } = await script(
      `console.log((await startAuthorizationServer({ database: '${database}' })).issuer); setInterval(() => {}, 1000);`,
    );
    const child = spawn(process.execPath, [path], { env, stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    const issuer = line.toString().trim();
    expect(await isServing(issuer)).toBe(true);
    expect(await leftBehind(folder, database)).not.toEqual([]);
    child.kill('SIGKILL');
    await vi.waitFor(async () => expect(await isServing(issuer)).toBe(false), { timeout: 10_000 });
    await vi.waitFor(async () => expect(await leftBehind(folder, database)).toEqual([]), { timeout: 10_000 });
  });
});

/** Files in a folder, or databases of authorization servers. */
async function leftBehind(folder: string, database: string): Promise<unknown[]> {
  if (database === 'sqlite') return readdir(folder);
  const isPostgres = database.startsWith('postgres:');
  const options = dataSourceOptions(`${database}/${isPostgres ? 'postgres' : 'information_schema'}`);
  const dataSource = await openDataSource(options, 'leave');
  const names = isPostgres ? 'SELECT datname AS name FROM pg_database' : 'SELECT schema_name AS name FROM schemata';
  const rows = await dataSource.query<Array<{ name: string }>>(names);
  await dataSource.destroy();
  return rows.filter(({ name }) => name.startsWith('op_test_'));
}
