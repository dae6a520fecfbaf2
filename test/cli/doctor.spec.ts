import { mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, inject, test, vi } from 'vitest';
import { generateKeys } from '../../src/reference-op/op/generated-keys.js';
import { developmentKeys } from '../../src/reference-op/settings/settings-development-keys.js';
import { describeEachDatabase } from '../support/databases.js';
import { freePort } from '../support/free-port.js';
import { serverFixture } from '../support/server.js';
import { ctl, type Ended } from './ctl.js';

interface Report {
  healthy: boolean;
  checks: Array<{ check: string; ok: boolean; message: string }>;
}

/** What is wrong, by check. */
const faults = ({ out }: Ended): Record<string, string> =>
  Object.fromEntries(
    (JSON.parse(out) as Report).checks.filter(({ ok }) => !ok).map(({ check, message }) => [check, message]),
  );

describeEachDatabase('ctl doctor', (database) => {
  const server = serverFixture(database);

  const run = (args: string[], env = {}): Promise<Ended> =>
    ctl(['doctor', ...args], {
      ...{ DATABASE_URL: server.databaseUrl, ISSUER: server.url, GTR_DATA_DIR: server.dataDir },
      ...env,
    });

  test('exits with 0 and prints a line per check when all is well', async () => {
    const { code, out, err } = await run([]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const lines = out.split('\n').slice(1);
    expect(lines.map((line) => line.split(/ +/).slice(0, 2).join(' '))).toEqual(
      ['application', 'database', 'clock', 'migrations', 'versions', 'tables', 'users', 'primary', 'durability']
        .concat('endpoint', 'flag', 'discovery', 'keys')
        .map((check) => `ok ${check}`),
    );
    expect(out).toContain(`publishes ${server.endpoint}`);
    expect(JSON.parse((await run(['--json'])).out)).toMatchObject({ healthy: true });
  });

  test.each([
    [60, /^\d\d s ahead of the database clock: synchronize/],
    [-60, /^\d\d s behind the database clock: synchronize/],
  ])('a clock that differs by %d s exits with 1, the difference and the fix', async (seconds, stand) => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + seconds * 1000, shouldAdvanceTime: true });
    const found = faults(await run(['--json']).finally(() => vi.useRealTimers()));
    expect(found).toEqual({ clock: expect.stringMatching(stand) as string }); // a busy machine adds seconds
  });

  test('exits with 1 and a remedy when the flag is off, and discovery agrees', async () => {
    const env = { DATABASE_URL: server.databaseUrl, ISSUER: server.url };
    await ctl(['flags', 'disable', 'GLOBAL_TOKEN_REVOCATION'], env);
    await expect
      .poll(async () => faults(await run(['--json'])))
      .toEqual({
        flag: expect.stringContaining('run `ctl flags enable GLOBAL_TOKEN_REVOCATION`') as string,
      });
    expect((await run([])).out).toMatch(/^FIX +flag +GLOBAL_TOKEN_REVOCATION is off/m);
    expect((await run([])).code).toBe(1);
    await ctl(['flags', 'enable', 'GLOBAL_TOKEN_REVOCATION'], env);
    await expect.poll(async () => faults(await run(['--json']))).toEqual({});
  });

  test('reports once, with a remedy, that no server runs at the issuer', async () => {
    const ISSUER = `http://127.0.0.1:${await freePort()}`;
    const fix = expect.stringMatching(/does not answer \(.*ECONNREFUSED.*\): start the server, or/) as string;
    expect(faults(await run(['--json'], { ISSUER }))).toEqual({ discovery: fix });
  });

  test('reports the real issuer when the server is asked under another name', async () => {
    const ISSUER = server.url.replace('127.0.0.1', 'localhost');
    expect(faults(await run(['--json'], { ISSUER }))).toEqual({
      discovery: expect.stringContaining(`publishes the issuer ${server.url}: configure the same issuer`) as string,
    });
  });

  test('reports the published path and a remedy when the path differs from that of the server', async () => {
    expect(faults(await run(['--json'], { GTR_PATH: 'elsewhere' }))).toEqual({
      discovery: `the published endpoint ${server.endpoint} does not end with /elsewhere: configure the same path here as for the server`,
    });
  });

  test('reports unpublished keys with a remedy when another key has a known ID', async () => {
    const { signing } = await developmentKeys(server.dataDir);
    const own = await generateKeys();
    const [kept, other] = [signing.keys[0]!, { ...own.signing.keys[0]!, kid: signing.keys[1]!.kid }];
    const file = join(await mkdtemp(join(inject('tempDir'), 'doctor-')), 'signing-keys.json');
    await writeFile(file, JSON.stringify({ keys: [kept, other] }));
    const env = { GTR_SIGNING_KEYS_FILE: file };
    const line = `${server.url}/jwks does not publish the signing keys ${other.kid}: configure the same keys here`;
    expect(faults(await run(['--json'], env))).toEqual({ keys: expect.stringContaining(line) as string });

    await writeFile(file, JSON.stringify({ keys: [kept] }));
    expect(faults(await run(['--json'], env))).toEqual({});
  });

  test('reports what is missing and a remedy when the database is empty', async () => {
    const empty = await database.create();
    const [, file] = /^sqlite:(.*)/.exec(empty.url) ?? [];
    if (file !== undefined) await writeFile(file, '');
    const found = faults(await run(['--json'], { DATABASE_URL: empty.url }));
    await empty.drop();
    expect(Object.keys(found)).toEqual(expect.arrayContaining(['database', 'migrations', 'tables', 'users', 'flag']));
    expect(found['migrations']).toMatch(/pending: .*GtrCreateCore.*: run `ctl migrate`/);
    expect(found['tables']).toBe('tables or columns are missing: run `ctl migrate` first');
    expect(found['database']).toMatch(/gtr_subject_epoch.*: run `ctl migrate` first/);
  });
});

describe('ctl doctor where the application does not start', () => {
  const nowhere = 'mariadb://nobody:nothing@127.0.0.1:9/nothing';
  test.each<[string, Record<string, string>, RegExp]>([
    ['a missing database', { DATABASE_URL: nowhere }, /ECONNREFUSED.*check that the database runs/],
    ['a bad setting', { DATABASE_URL: 'nonsense' }, /DATABASE_URL/],
  ])('exits with 1 and names %s in one line', async (_title, env, line) => {
    const ended = await ctl(['doctor', '--json'], env);
    expect(ended).toMatchObject({ code: 1, err: '' });
    expect(faults(ended)).toEqual({ application: expect.stringMatching(line) as string });
  });
});
