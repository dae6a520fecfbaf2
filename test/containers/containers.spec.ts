import { randomBytes, randomUUID } from 'node:crypto';
import { readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createConnection } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { parse } from 'yaml';
import { blockOf } from '../docs/blocks.js';
import { InstalledHost } from '../hosts/installed-host.js';
import { asOperator, send, uidBody } from '../module/endpoint/send.js';
import { databases } from '../support/databases.js';
import { freePort } from '../support/free-port.js';
import { dropDatabase } from '../support/server-database.js';
import { basic } from '../support/operator.js';
import { type ServerProcess, startProcess } from '../support/server-process.js';
import { buildImage, type Image, namesIn } from './dockerfile.js';

interface Service {
  command?: string[];
  environment: Record<string, string>;
  depends_on?: Record<string, { condition: string }>;
}

// A whole installation and build.
vi.setConfig({ testTimeout: 900_000, hookTimeout: 900_000 });

const PAGE = 'docs/operations/containers.md';
const { services } = parse(await readFile('compose.yaml', 'utf8'), { merge: true }) as {
  services: Record<string, Service>;
};

test('the services of compose.yaml start in order: database and keys, migrations, server', () => {
  expect(services['migrate']!.depends_on).toEqual({
    database: { condition: 'service_healthy' },
    keys: { condition: 'service_completed_successfully' },
  });
  expect(services['server']!.depends_on).toEqual({ migrate: { condition: 'service_completed_successfully' } });
});

describe.skipIf(!databases[1]!.available)('the steps of Dockerfile and compose.yaml, without Docker', () => {
  const id = randomBytes(4).toString('hex');
  const admin = new URL(inject('mariaDbUrl') || 'mariadb://nobody@localhost');
  const password = randomBytes(16).toString('hex');
  let image: Image;
  let host: InstalledHost;
  let env: Record<string, string>;
  let server: ServerProcess;
  let secret: string;

  /** Value of a setting, with the variables of `.env`, and the names and addresses of this test. */
  const here = (value: string): string =>
    value
      .replace(/\$\{ISSUER:\?[^}]*\}/, 'https://op.example.com')
      .replace(/\$\{DATABASE_PASSWORD:\?[^}]*\}/, password)
      .replace(/\$\{\w+:-([^}]*)\}/, '$1')
      .replace('//op:', `//op_${id}:`)
      .replace('@database:3306/op', `@${admin.host}/op_${id}`);
  const query = async (...statements: Array<[sql: string, values?: string[]]>): Promise<void> => {
    const { hostname, port, username: user, password } = admin;
    const connection = await createConnection({ host: hostname, port: Number(port), user, password });
    for (const [sql, values] of statements) await connection.query(sql, values);
    await connection.end();
  };
  const run = ([program = '', ...args]: string[]): Promise<string> => host.run(program, args, env);

  beforeAll(async () => {
    image = await buildImage(process.cwd(), inject('tempDir'));
    host = InstalledHost.at(image.folder);
    const settings = Object.entries(services['server']!.environment).map(([name, value]) => [name, here(value)]);
    env = { ...image.env, ...Object.fromEntries(settings), PORT: String(await freePort()) };
    // What the image of MariaDB makes of MARIADB_DATABASE, MARIADB_USER and MARIADB_PASSWORD.
    await query(
      [`CREATE DATABASE op_${id} COLLATE utf8mb4_unicode_ci`],
      [`CREATE USER op_${id} IDENTIFIED BY '${password}'`],
      [`GRANT ALL ON op_${id}.* TO op_${id}`],
    );
    await run(services['keys']!.command!);
    await run(services['migrate']!.command!);
    server = await startProcess(image.folder, { ...env, GTR_HOST: '127.0.0.1' }, join(image.folder, image.command[1]!));
    const [, command] = /^\$ docker compose exec server (.* clients add .*)$/m.exec(blockOf(PAGE, 'clients add'))!;
    secret = /[A-Za-z0-9_-]{43,}/.exec(await run(command!.split(' ')))![0];
  });
  afterAll(async () => {
    await server?.stop();
    await dropDatabase(new URL(`/op_${id}`, admin).href);
    await query([`DROP USER op_${id}`]);
    await rm(image.folder, { recursive: true });
  });

  test('the container runs as a user who cannot change the files of the image, and has production settings', () => {
    expect(image.command[0]).toBe('node');
    expect(image.user).toBe('node');
    expect(image.env).toMatchObject({ NODE_ENV: 'production' });
  });

  test('the image holds what the server runs with: no tests, no sources, no tools', async () => {
    expect(await namesIn(image.folder)).toEqual(['config', 'node_modules', 'package.json', 'secrets', 'src']);
    expect(await namesIn(join(image.folder, 'src/reference-op'))).toEqual(['dist', 'package.json']);
    const installed = await namesIn(join(image.folder, 'node_modules'));
    expect(['vitest', 'oxlint', 'typedoc'].filter((name) => installed.includes(name))).toEqual([]);
  });

  test('the health check exits with 0 while the server is ready', async () => {
    await run(image.healthCheck);
    const elsewhere = { ...env, PORT: String(await freePort()) };
    const [program = '', ...args] = image.healthCheck;
    await expect(host.run(program, args, elsewhere)).rejects.toThrow('fetch failed');
  });

  test('keys are readable by their owner only, and a second start keeps them', async () => {
    const file = join(image.folder, 'secrets/signing-keys.json');
    const before = await readFile(file, 'utf8');
    await run(services['keys']!.command!);
    expect(await readFile(file, 'utf8')).toBe(before);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  test('the first caller gets 204 for a user, and there are no demo users', async () => {
    const url = `http://127.0.0.1:${env['PORT']}/global-token-revocation`;
    const headers = { ...asOperator, authorization: basic('hr-system', secret) };
    const revoke = async () => (await send(url, { headers, body: uidBody('alice') })).status;
    expect(await revoke()).toBe(404);
    await query([
      `INSERT INTO op_${id}.op_user (id, uid, email, phone, name, department, password_hash, demo)
       VALUES (?, 'alice', 'alice@example.com', '+15550100', 'Alice', 'hr', 'none', 0)`,
      [randomUUID()],
    ]);
    expect(await revoke()).toBe(204);
  });
});
