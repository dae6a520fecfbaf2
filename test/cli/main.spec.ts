import { execFile } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, inject, test } from 'vitest';
import { build } from '../support/server-process.js';
import type { Ended } from './ctl.js';

const APP = resolve('test/cli/host/app.module.js');
let cwd: string;

/** Runs the published command as npm would. */
const run = (args: string[], env: Record<string, string> = {}): Promise<Ended> =>
  new Promise((settle) => {
    const options = {
      cwd,
      timeout: 60_000,
      env: { PATH: process.env.PATH, HOST_DATABASE: join(cwd, 'host.sqlite'), ...env },
    };
    execFile(process.execPath, [resolve('src/cli/dist/main.js'), ...args], options, (error, out, err) =>
      settle({ code: error ? Number(error.code) : 0, out: out.trim(), err: err.trim() }),
    );
  });

beforeAll(async () => {
  await build();
  cwd = await mkdtemp(join(inject('tempDir'), 'published-'));
});

describe('global-revocation, the published command', () => {
  const find = ['users', 'find', '--format', 'login', '--id', 'carol', '--json'];
  const carol = { code: 0, out: '{"subject":"1","matched":1,"live":{}}', err: '' };

  test('--app with a module of a host uses its users and database', async () => {
    expect(await run(['--app', APP, ...find])).toEqual(carol);
    const revoked = await run(['revoke', '--format', 'login', '--id', 'carol', `--app=${APP}#AppModule`]);
    expect(revoked).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^Revoked 1 \(carol\): every token and session has ended/) as string,
    });
  });

  test('the environment variable names the module as well', async () => {
    expect(await run(find, { GLOBAL_REVOCATION_APP: APP })).toEqual(carol);
  });

  test('with --json, output of the application does not mix with the answer on standard output', async () => {
    const env = { GLOBAL_REVOCATION_APP: APP, HOST_TALKS: 'yes' };
    expect(await run(find, env)).toEqual({ ...carol, err: 'the application is loaded\nthe application starts' });
  });

  test.each<[string, string[], number, RegExp]>([
    ['a missing application', [], 2, /missing application: .*--app .*GLOBAL_REVOCATION_APP/],
    ['a missing file', ['--app', './nowhere.js'], 1, /--app \.\/nowhere\.js cannot be loaded: .*nowhere\.js/],
    [
      'a missing export',
      ['--app', `${APP}#Nothing`],
      1,
      /no export is called Nothing; it has #AppModule, #EmptyModule$/,
    ],
    [
      'a value that is not a module',
      ['--app', `${APP}#notAModule`],
      1,
      /no export is called notAModule; it has #AppModule/,
    ],
    ['a module without revocation', ['--app', `${APP}#EmptyModule`], 1, /import GlobalRevocationModule in the module/],
  ])('reports %s in one line', async (_title, app, exitCode, line) => {
    const { code, out, err } = await run([...app, 'flags', 'list']);
    expect({ code, out }).toEqual({ code: exitCode, out: '' });
    expect(err.split('\n')[0]).toMatch(line);
  });

  test('migrate runs pending migrations although the application would not start', async () => {
    const env = { HOST_DATABASE: join(cwd, 'unmigrated.sqlite'), HOST_MIGRATIONS: 'left', GLOBAL_REVOCATION_APP: APP };
    const before = await run(['flags', 'list'], env);
    expect(before).toMatchObject({
      code: 1,
      err: expect.stringMatching(/run `global-revocation migrate` first$/) as string,
    });
    const { code, out } = await run(['migrate', '--json'], env);
    expect({ code, pending: (JSON.parse(out) as { pending: string[] }).pending }).toEqual({ code: 0, pending: [] });
    expect(await run(find, env)).toEqual(carol);
  });

  test('--help explains how to name the application', async () => {
    const { code, out } = await run(['--help']);
    expect(code).toBe(0);
    expect(out).toMatch(/^Usage: global-revocation [^]*--app FILE/);
  });
});
