import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { dataSourceOptions, openDataSource } from '../../src/reference-op/op/data-source.js';
import { tableNames } from '../module/database/dump.js';
import { subjectKey } from '../../src/module/revocation/subject-epochs.js';
import { Browser } from '../support/browser.js';
import { describeEachDatabase, type TestDatabase } from '../support/databases.js';
import { revokePerson } from '../support/operator.js';
import { alice, bob, breakfast } from '../support/people.js';
import { oauthError, RelyingParty } from '../support/relying-party.js';
import { startServer, type TestServer } from '../support/server.js';
import { ctl, ctlJson } from './ctl.js';

const run = promisify(execFile);

/** Arguments of MariaDB's own tools for a database. */
function mariaDb(url: string): string[] {
  const { hostname, port, username, password, pathname } = new URL(url);
  const as = ['--no-defaults', `--host=${hostname}`, `--port=${port}`, `--user=${username}`, `--password=${password}`];
  return [...as, '--protocol=tcp', pathname.slice(1)];
}

/** A dump of a database, as its own tools make it; of PostgreSQL, all of its rows. @returns restores it into another database */
async function dumpOf({ dataSource, databaseUrl }: TestServer): Promise<(url: string) => Promise<unknown>> {
  const file = join(await mkdtemp(join(inject('tempDir'), 'dump-')), 'dump');
  if (databaseUrl.startsWith('sqlite:')) {
    await dataSource.query(`VACUUM INTO '${file}'`);
    return (url) => copyFile(file, url.slice('sqlite:'.length));
  }
  if (databaseUrl.startsWith('postgres:')) {
    const rows = new Map<string, string>();
    for (const table of await tableNames(dataSource)) {
      rows.set(table, JSON.stringify(await dataSource.query(`SELECT * FROM ${table}`)));
    }
    return async (url) => {
      const empty = await openDataSource(dataSourceOptions(url));
      for (const [table, json] of rows) {
        await empty.query(`DELETE FROM ${table}`);
        await empty.query(`INSERT INTO ${table} SELECT * FROM json_populate_recordset(NULL::${table}, $1)`, [json]);
      }
      await empty.destroy();
    };
  }
  const { stdout } = await run('mariadb-dump', mariaDb(databaseUrl), { maxBuffer: 100_000_000 });
  await writeFile(file, stdout);
  return async (url) => {
    const client = run('mariadb', mariaDb(url));
    client.child.stdin!.end(await readFile(file));
    await client;
  };
}

describeEachDatabase('an old dump', (database: TestDatabase) => {
  /** Where both servers have their keys. */
  let keys: string;
  let server: TestServer;
  let restored: TestServer;
  let drop: (() => Promise<void>) | undefined;
  beforeAll(async () => {
    keys = await mkdtemp(join(inject('tempDir'), 'keys-'));
    server = await startServer(database, { dataDir: keys });
  });
  afterAll(async () => {
    await restored?.stop();
    await drop?.();
    await server?.stop();
  });

  const env = () => ({ DATABASE_URL: restored.databaseUrl, ISSUER: restored.url });

  test('a restored dump revives a revoked token until epochs raise-all ends everything', async () => {
    const party = await RelyingParty.discover(server);
    const [of, others, without] = [
      await party.signIn(new Browser(server.url), alice),
      await party.signIn(new Browser(server.url), breakfast),
      await party.signIn(new Browser(server.url), bob),
    ];
    const restore = await dumpOf(server);
    await revokePerson(server, alice);
    expect(await party.introspect(of.access_token)).toEqual({ active: false });

    const other = await database.create();
    drop = other.drop;
    await restore(other.url);
    restored = await startServer(database, { databaseUrl: other.url, dataDir: keys });
    const again = await RelyingParty.discover(restored);
    const isLive = async (token: string): Promise<unknown> => (await again.introspect(token))['active'];
    expect([await isLive(of.access_token), await isLive(others.access_token)]).toEqual([true, true]);
    await restored.dataSource.query(`DELETE FROM gtr_subject_epoch WHERE subject_hash = '${subjectKey(bob.id)}'`);
    expect(await isLive(without.access_token)).toBe(false);

    expect(await ctl(['epochs', 'raise-all'], env())).toMatchObject({
      code: 2,
      err: expect.stringContaining('--yes') as string,
    });
    expect(await isLive(of.access_token)).toBe(true);
    expect(await ctlJson(['epochs', 'raise-all', '--yes'], env())).toEqual({ users: 2 });
    for (const { access_token: token, refresh_token: refresh } of [of, others, without]) {
      expect(await isLive(token)).toBe(false);
      expect(await oauthError(again.refresh(refresh!))).toBe('invalid_grant');
    }
    const [change] = await ctlJson<unknown[]>(['changes', 'list'], env());
    const actor = `cli:${userInfo().username}`;
    expect(change).toMatchObject({
      actor,
      action: 'epochs.raise_all',
      target: 'everybody',
      after: 'raised for 2 users',
    });

    const anew = await again.signIn(new Browser(restored.url), bob);
    expect([await isLive(anew.access_token), await isLive(without.access_token)]).toEqual([true, false]);
  });

  test('a second epochs raise-all raises every epoch, even one ahead of the clock', async () => {
    const ahead = Date.now() + 1e9;
    await restored.dataSource.query(
      `UPDATE gtr_subject_epoch SET epoch = ${ahead} WHERE subject_hash = '${subjectKey(alice.id)}'`,
    );
    const epochs = async (): Promise<Map<string, number>> => {
      const rows = await restored.dataSource.query<Array<{ subject_hash: string; epoch: number | string }>>(
        'SELECT subject_hash, epoch FROM gtr_subject_epoch',
      );
      return new Map(rows.map(({ subject_hash: key, epoch }) => [key, Number(epoch)]));
    };
    const before = await epochs();
    await ctlJson(['epochs', 'raise-all', '--yes'], env());
    const after = await epochs();
    expect(after.size).toBe(4);
    for (const [key, epoch] of after) expect(epoch).toBeGreaterThan(before.get(key)!);
    expect(after.get(subjectKey(alice.id))).toBe(ahead + 1);
  });
});
