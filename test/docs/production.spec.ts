import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createConnection } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { asOperator, send, uidBody } from '../module/endpoint/send.js';
import { Exposition } from '../module/metrics/exposition.js';
import type { DatabaseServer } from '../support/database-server.js';
import { freePort } from '../support/free-port.js';
import { startMariaDb } from '../support/mariadb.js';
import { basic } from '../support/operator.js';
import { build, failingStart, type ServerProcess, startProcess } from '../support/server-process.js';
import { isInstalled } from '../support/tools.js';
import { blockOf, blocksOf } from './blocks.js';
import { runBlocks } from './commands.js';
import { textOf } from './pages.js';
import { PRODUCTION_PAGES } from './production-pages.js';

/** Commands of a block, without a running server or changed settings. */
const lines = (block: string, part: RegExp): string =>
  block
    .split('\n')
    .filter((line) => part.test(line))
    .join('\n');

// Each command of the command line starts a process.
vi.setConfig({ testTimeout: 240_000 });

const [PRODUCTION, INCIDENTS] = PRODUCTION_PAGES as [string, string];

test('every command of the production pages is run here', () => {
  const commands = PRODUCTION_PAGES.map((page) => blocksOf(textOf(page)).filter(({ language }) => language === 'sh'));
  expect(commands.map(({ length }) => length)).toEqual([2, 4]);
});

/** A server of its own: it is set to read-only for a while. */
describe.skipIf(!isInstalled('mariadbd'))('the production pages, with the accounts and grants they name', () => {
  const id = randomBytes(4).toString('hex');
  let mariaDb: DatabaseServer;
  let root: URL;
  let secrets: string;
  let server: ServerProcess;
  let settings: Record<string, string>;
  let secret: string;
  /** What a start before the migrations says. */
  let refused: string[];

  /** Names and addresses of this test in the place of those of the pages. */
  const here = (text: string): string =>
    text
      .replaceAll('127.0.0.1:3306/op', `${root.host}/op_${id}`)
      .replaceAll('DATABASE op ', `DATABASE op_${id} `)
      .replaceAll('op.*', `op_${id}.*`)
      .replaceAll(/\bop_(migrate|server)\b/g, `op_$1_${id}`)
      .replaceAll('secrets', secrets)
      .replaceAll('PORT=3000', `PORT=${settings['PORT']}`);
  const shell = async (script: string): Promise<string> => {
    const { code, all } = await runBlocks([{ line: 0, script, expected: [] }], settings);
    if (code !== 0) throw new Error(all);
    return all;
  };
  const onServer = async (...statements: string[]): Promise<void> => {
    const { hostname: host, port, username: user, password } = root;
    const connection = await createConnection({ host, port: Number(port), user, password });
    for (const statement of statements) await connection.query(statement);
    await connection.end();
  };
  const get = (path: string) => send(`http://127.0.0.1:${settings['PORT']}${path}`, { method: 'GET' });
  const revoke = async (credential: string) => {
    const headers = { ...asOperator, authorization: basic('hr-system', credential) };
    const url = `http://127.0.0.1:${settings['PORT']}/global-token-revocation`;
    return (await send(url, { headers, body: uidBody('nobody') })).status;
  };
  /** What a block exports. */
  const exported = async (block: string): Promise<Record<string, string>> => {
    const names = [...block.matchAll(/(?<=export .*|^)\b([A-Z_]{4,})=/gm)].map(([, name = '']) => name);
    const printed = await shell(
      `${lines(block, /^export/)}\n${names.map((name) => `echo "${name}=$${name}"`).join('\n')}`,
    );
    return Object.fromEntries(
      [...printed.matchAll(/^([A-Z_]+)=(.*)$/gm)].map(([, name, value]) => [name, value]),
    ) as Record<string, string>;
  };

  beforeAll(async () => {
    await build();
    mariaDb = await startMariaDb();
    root = new URL(mariaDb.url);
    secrets = await mkdtemp(join(inject('tempDir'), 'secrets-'));
    settings = { PORT: String(await freePort()) };
    const grants = here(blockOf(PRODUCTION, 'GRANT SELECT'));
    await onServer(
      ...grants
        .split(';')
        .map((each) => each.trim())
        .filter((each) => each !== ''),
    );
    await shell(here(blockOf(PRODUCTION, 'openssl rand')));
    const block = here(blockOf(PRODUCTION, 'export NODE_ENV=production'));
    settings = { ...settings, ...(await exported(block)), GTR_HOST: '127.0.0.1' };

    refused = (await failingStart(process.cwd(), settings)).lines;
    await shell(lines(block, /ctl\.js migrate/));
    secret = /[A-Za-z0-9_-]{43,}/.exec(await shell(lines(block, /clients add/)))![0];
    server = await startProcess(process.cwd(), settings);
  });
  afterAll(async () => {
    await server?.stop();
    await mariaDb?.stop();
  });

  test('the server does not start before the migrations', () => {
    expect(refused).toEqual([expect.stringContaining('migrations are pending')]);
  });

  test('the restricted account suffices for readiness, revocations and metrics with the token', async () => {
    expect((await get('/readyz')).status).toBe(200);
    expect(await revoke(secret)).toBe(404);
    expect((await get('/metrics')).status).toBe(401);
    const token = (await readFile(join(secrets, 'metrics-token'), 'utf8')).trim();
    const seen = await Exposition.of(`http://127.0.0.1:${settings['PORT']}/metrics`, {
      authorization: `Bearer ${token}`,
    });
    expect(seen.value('gtr_requests_total{result="unknownSubject",method="client_secret_basic",format="uid"}')).toBe(1);
    expect((await get('/docs')).status).toBe(404);
  });

  test('the restricted account cannot change the schema', async () => {
    await expect(
      shell(`DATABASE_URL=${settings['DATABASE_URL']} node src/reference-op/dist/ctl.js migrate`),
    ).resolves.toBeTruthy();
    const { username: user, password, hostname: host, port, pathname } = new URL(settings['DATABASE_URL']!);
    const connection = await createConnection({
      host,
      port: Number(port),
      user,
      password,
      database: pathname.slice(1),
    });
    await expect(connection.query('DROP TABLE gtr_subject_epoch')).rejects.toThrow('denied');
    await connection.end();
  });

  test('old nodes stay ready when the database has a later migration', async () => {
    await onServer(`INSERT INTO op_${id}.op_migration (timestamp, name) VALUES (9999999999999, 'Later9999999999999')`);
    await new Promise((resolve) => setTimeout(resolve, 1100));
    expect((await get('/readyz')).status).toBe(200);
  });

  test('the server is not ready while the primary is read-only', async () => {
    const status = async () => (await get('/readyz')).status;
    await onServer('SET GLOBAL read_only = 1');
    try {
      await expect.poll(status, { timeout: 5000 }).toBe(503);
    } finally {
      await onServer('SET GLOBAL read_only = 0');
    }
    await expect.poll(status, { timeout: 5000 }).toBe(200);
  });

  test('the steps for a compromised caller reject it at once, and only the new secret works afterwards', async () => {
    const [disable, list, rotate, finish, enable, changes] = blockOf(INCIDENTS, 'clients disable hr-system')
      .trim()
      .split('\n');
    expect(await revoke(secret)).toBe(404);
    await shell(disable!);
    expect(await revoke(secret)).toBe(401);
    await shell(list!);
    const renewed = /[A-Za-z0-9_-]{43,}/.exec(await shell(rotate!))![0];
    await shell(finish!);
    await shell(enable!);
    expect([await revoke(secret), await revoke(renewed)]).toEqual([401, 404]);
    const told = await shell(changes!);
    for (const action of ['client.disable', 'client.rotate_secret', 'client.enable']) expect(told).toContain(action);
  });

  test('the commands for many users take a list, and an unknown user fails alone', async () => {
    const users = join(secrets, 'users.txt');
    await writeFile(users, 'nobody@example.com\n');
    const [preview, revocation] = blockOf(INCIDENTS, 'revoke --from')
      .trim()
      .replaceAll('users.txt', `${users} --result ${join(secrets, 'results.jsonl')}`)
      .split('\n');
    await expect(shell(preview!)).rejects.toThrow(
      /^Would revoke 0 users\. Nothing was changed\.\nFailed: 1 not found\.$/m,
    );
    await expect(shell(revocation!)).rejects.toThrow(/^Revoked 0 users\.\nFailed: 1 not found\.$/m);
    expect(await readFile(join(secrets, 'results.jsonl'), 'utf8')).toContain('"result":"not_found"');
  });

  test('the commands for a realm count its users and revoke them with one record', async () => {
    await onServer(`INSERT INTO op_${id}.gtr_subject_epoch VALUES (SHA2('7', 256), 1, 0, SHA2('kitchen', 256))`);
    const out = await shell(blockOf(INCIDENTS, 'revoke --realm'));
    expect(out).toMatch(/^Would revoke 1 user of the realm kitchen\. Nothing was changed\.$/m);
    expect(out).toMatch(/^Revoked 1 user of the realm kitchen: .*\nRecord [0-9a-f-]{36}$/m);
  });

  test('the command for everybody revokes with one record', async () => {
    const [command] = blockOf(INCIDENTS, 'revoke --everybody').trim().split('\n');
    expect(await shell(command!)).toMatch(/^Revoked everybody: .*\nRecord [0-9a-f-]{36}$/m);
  });
});
