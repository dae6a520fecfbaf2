import { mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createConnection } from 'mysql2/promise';
import { beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { developmentKeys } from '../../src/reference-op/settings/settings-development-keys.js';
import { databases, describeEachServer, type TestDatabase } from '../support/databases.js';
import { startMariaDb } from '../support/mariadb.js';
import { isInstalled } from '../support/tools.js';
import { createDatabase } from '../support/server-database.js';
import { runCtl } from '../cli/ctl.js';
import { build, failingStart, startProcess } from '../support/server-process.js';

let cwd: string;
beforeAll(build);
beforeEach(async () => {
  cwd = await mkdtemp(join(inject('tempDir'), 'refused-'));
});

/** Everything production asks for, keys in files. */
async function production(): Promise<Record<string, string>> {
  const { signing, cookies, storage } = await developmentKeys(cwd);
  const file = async (name: string, content: string): Promise<string> => {
    await writeFile(join(cwd, name), content);
    return join(cwd, name);
  };
  return {
    NODE_ENV: 'production',
    PORT: '0',
    ISSUER: 'https://op.example.com',
    GTR_SIGNING_KEYS_FILE: await file('signing.json', JSON.stringify(signing)),
    GTR_COOKIE_KEYS_FILE: await file('cookie-keys', cookies.join('\n')),
    GTR_STORAGE_KEY_FILE: await file('storage-key', storage),
  };
}

const refusedWith = async (
  settings: Record<string, string>,
  line: RegExp,
  adapter?: TestDatabase['adapter'],
): Promise<void> => {
  const { code, lines } = await failingStart(cwd, settings, adapter);
  expect({ code, lines }).toEqual({ code: 1, lines: [expect.stringMatching(line) as string] });
};

describe('startup with invalid settings', () => {
  test.each([
    [{ GTR_PASSWORD: 'x' }, /unknown environment variable "GTR_PASSWORD"/],
    [{ GTR_FEATURE_FLAGS: 'GLOBAL_TOKEN_REVOKATION=on' }, /GLOBAL_TOKEN_REVOKATION/],
    [{ PORT: '65536' }, /PORT must be/],
    [{ DATABASE_URL: 'oracle://localhost/op' }, /DATABASE_URL must be/],
    [{ DATABASE_URL: 'mariadb://nobody:nothing@127.0.0.1:9/op' }, /ECONNREFUSED/],
  ] as Array<[Record<string, string>, RegExp]>)(
    '%o: exits with 1 and names the problem in one line',
    (settings, line) => refusedWith(settings, line),
  );

  test.each([
    ['ISSUER', { ISSUER: 'http://op.example.com' }],
    ['GTR_SIGNING_KEYS_FILE', {}],
    ['GTR_COOKIE_KEYS_FILE', {}],
    ['GTR_STORAGE_KEY_FILE', {}],
  ])('names a wrong or missing %s in production in one line', async (name, wrong) => {
    const { [name]: _left, ...rest } = await production();
    await refusedWith({ ...rest, ...wrong }, new RegExp(`^Cannot start: .*${name}`));
  });
});

describeEachServer('startup in production', ({ adapter, create }) => {
  test('is refused in one line on a database with demo rows', async () => {
    const used = await create();
    const local = { PORT: '0', ISSUER: 'http://localhost:3000', DATABASE_URL: used.url };
    const development = await startProcess(cwd, local, adapter);
    await development.stop();
    await refusedWith({ ...(await production()), DATABASE_URL: used.url }, /demo data/, adapter);
    await used.drop();
  });

  test('is refused with pending migrations by one line with the command, then works without the demo', async () => {
    const empty = await create();
    const settings = { ...(await production()), DATABASE_URL: empty.url };
    const pending = /^Cannot start: migrations are pending \(.*: run `node src\/reference-op\/dist\/ctl\.js migrate`/;
    await refusedWith(settings, pending, adapter);

    const { code, out } = await runCtl(['migrate', '--json'], settings);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ ran: expect.arrayContaining(['OpCreateUser1763769600003']), pending: [] });
    const server = await startProcess(cwd, settings, adapter);
    expect(server.output()).not.toMatch(/demo|alice|secret/i);
    expect(JSON.parse(server.stdout())).toMatchObject({ 'gtr.settings': { ISSUER: 'https://op.example.com' } });
    await server.stop();
    await empty.drop();
  });
});

const hasMariaDb = databases[1]!.available && isInstalled('mariadbd');

describe.skipIf(!hasMariaDb)('startup on MariaDB without autocommit', () => {
  test('is refused in one line', async () => {
    const mariaDb = await startMariaDb();
    try {
      const DATABASE_URL = await createDatabase(mariaDb.url);
      const { port, username, password } = new URL(mariaDb.url);
      const connection = await createConnection({ host: '127.0.0.1', port: Number(port), user: username, password });
      await connection.query('SET GLOBAL autocommit = 0');
      await connection.end();
      await refusedWith({ PORT: '0', ISSUER: 'http://localhost:3000', DATABASE_URL }, /autocommit/);
    } finally {
      await mariaDb.stop();
    }
  });
});
