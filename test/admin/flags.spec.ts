import { execFile } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { describeEachDatabase } from '../support/databases.js';
import { revoke } from '../support/operator.js';
import { startServer, type TestServer } from '../support/server.js';

const FLAG = 'GLOBAL_TOKEN_REVOCATION';

interface Ended {
  code: number;
  out: string;
  err: string;
}

/** Runs `ctl` as an operator does, in a directory of its own. */
async function ctl(args: string[], env: Record<string, string>): Promise<Ended> {
  const cwd = await mkdtemp(join(inject('tempDir'), 'ctl-'));
  const script = join(process.cwd(), 'dist/server/ctl.js');
  const options = { cwd, timeout: 30_000, env: { PATH: process.env.PATH, NO_COLOR: '1', ...env } };
  return new Promise((resolve) => {
    execFile(process.execPath, [script, ...args], options, (error, out, err) =>
      resolve({ code: error ? Number(error.code) : 0, out: out.trim(), err: err.trim() }),
    );
  });
}

beforeAll(async () => {
  await promisify(execFile)(process.execPath, ['node_modules/typescript/bin/tsc', '-b', 'config/tsconfig.build.json']);
});

describeEachDatabase('ctl flags, while a server runs', (database) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer(database);
  });
  afterAll(() => server.stop());

  const run = (...args: string[]): Promise<Ended> => ctl(['flags', ...args], { DATABASE_URL: server.databaseUrl });
  const status = async (): Promise<number> => (await revoke(server, { format: 'uid', id: 'bob' })).status;

  test('list → 0, each flag, its value and where that comes from', async () => {
    expect(await run('list')).toEqual({ code: 0, out: `${FLAG}  on  (configured)`, err: '' });
  });

  test('disable, list, enable → 0; the server follows within a second; who did it is stored', async () => {
    expect(await status()).toBe(204);

    const follows = 'every node follows within a second';
    expect(await run('disable', FLAG)).toEqual({ code: 0, out: `${FLAG} is off; ${follows}`, err: '' });
    await sleep(900);
    expect(await status()).toBe(403);
    expect(await run('list')).toEqual({ code: 0, out: `${FLAG}  off  (stored)`, err: '' });

    expect(await run('enable', FLAG)).toEqual({ code: 0, out: `${FLAG} is on; ${follows}`, err: '' });
    await sleep(900);
    expect(await status()).toBe(204);
    const [row] = await server.dataSource.query<Array<{ updated_by: string }>>('SELECT * FROM gtr_feature_flag');
    expect(row!.updated_by).toMatch(/^cli:./);
  });

  test('an unknown name → 1, the known names, nothing stored', async () => {
    const before = await server.dataSource.query('SELECT * FROM gtr_feature_flag');
    const err = `unknown feature flag 'GLOBAL_TOKEN_REVOCATOIN'; known: ${FLAG}`;

    expect(await run('disable', 'GLOBAL_TOKEN_REVOCATOIN')).toEqual({ code: 1, out: '', err });
    expect(await server.dataSource.query('SELECT * FROM gtr_feature_flag')).toEqual(before);
  });
});

describe('ctl', () => {
  test.concurrent.each<[string, string[]]>([
    ['flags without a command', []],
    ['an unknown command', ['toggle']],
    ['no name', ['enable']],
    ['a name too many', ['enable', FLAG, 'x']],
    ['an unknown option', ['list', '--force']],
  ])('%s → 2, and what is right', async (_title, args) => {
    const { code, out, err } = await ctl(['flags', ...args], { DATABASE_URL: 'sqlite:op.sqlite' });
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(/usage|error: /i);
    expect(err).not.toMatch(/\n\s+at /);
  });

  test.concurrent('an unknown group → 2', async () => {
    expect((await ctl(['flag', 'list'], {})).code).toBe(2);
  });

  test.concurrent('--help → 0, on standard output', async () => {
    const { code, out, err } = await ctl(['flags', '--help'], { DATABASE_URL: 'sqlite:op.sqlite' });
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/list[^]*enable[^]*disable/);
  });

  test.concurrent.each<[string, Record<string, string>, RegExp]>([
    ['a bad setting', { DATABASE_URL: 'nonsense' }, /^Cannot start: .*DATABASE_URL/],
    ['no database there', { DATABASE_URL: 'mariadb://u:p@127.0.0.1:1/x' }, /^Cannot start: /],
    ['an unknown setting', { GTR_NONSENSE: '1' }, /^Cannot start: .*GTR_NONSENSE/],
  ])('%s → 1 and one line', async (_title, env, line) => {
    const { code, out, err } = await ctl(['flags', 'list'], env);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(line);
    expect(err.split('\n')).toHaveLength(1);
  });
});
