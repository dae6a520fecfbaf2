import { randomBytes } from 'node:crypto';
import { Logger } from '@nestjs/common';
import { createConnection, type Connection } from 'mysql2/promise';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { SubjectEpochs } from '../../../src/module/index.js';
import { ctl } from '../../cli/ctl.js';
import { type Host, type HostOptions, startHost } from '../host.js';
import { databases } from '../../support/databases.js';
import { startMariaDb } from '../../support/mariadb.js';
import { isInstalled } from '../../support/tools.js';
import type { DatabaseServer } from '../../support/database-server.js';
import { createDatabase } from '../../support/server-database.js';

const has = databases.some(({ name, available }) => name === 'mariadb' && available) && isInstalled('mariadbd');

/** A server of its own: its global variables are changed. */
describe.skipIf(!has)('MariaDB settings', () => {
  let server: DatabaseServer;
  let connection: Connection;
  let url: string;
  let host: Host | undefined;

  beforeAll(async () => {
    server = await startMariaDb();
    connection = await createConnection(server.url.replace(/^mariadb:/, 'mysql:'));
    url = (await createDatabase(server.url)).replace(/^mariadb:/, 'mysql:');
    const { app } = await start(false); // makes the tables
    await app.close();
  });
  afterEach(async () => {
    vi.restoreAllMocks();
    await host?.app.close();
    host = undefined;
    for (const name of Object.keys(AS_IT_SHOULD_BE)) await set(name as keyof typeof AS_IT_SHOULD_BE);
  });
  afterAll(async () => {
    await connection?.end();
    await server?.stop();
  });

  const AS_IT_SHOULD_BE = { autocommit: 1, innodb_flush_log_at_trx_commit: 1, read_only: 0 };
  const set = (name: keyof typeof AS_IT_SHOULD_BE, value = AS_IT_SHOULD_BE[name]) =>
    connection.query(`SET GLOBAL ${name} = ${value}`);

  async function start(production: boolean): Promise<Host> {
    const dataSource: HostOptions['dataSource'] = { type: 'mariadb', url };
    host = await startHost('express', { dataSource, options: { production } });
    return host;
  }
  const messageOf = (production: boolean): Promise<string> =>
    start(production).then(
      () => 'it has started',
      (error: Error) => error.message,
    );

  test('the module starts in production and works with the right settings', async () => {
    const { app } = await start(true);
    expect(await app.get(SubjectEpochs).epochForSignIn('x')).toBeGreaterThan(0);
  });

  test.each([0, 2])(
    'innodb_flush_log_at_trx_commit = %i prevents startup in production and warns elsewhere',
    async (value) => {
      await set('innodb_flush_log_at_trx_commit', value);
      expect(await messageOf(true)).toBe(
        `GlobalRevocationModule: innodb_flush_log_at_trx_commit is ${value}, so a crash can undo a revocation that was answered with 204: set it to 1`,
      );
      const warn = vi.spyOn(Logger.prototype, 'warn').mockImplementation(() => {});
      await start(false);
      expect(warn).toHaveBeenCalledWith(expect.stringContaining(`innodb_flush_log_at_trx_commit is ${value}`));
    },
  );

  test.each([true, false])('disabled autocommit prevents startup (production %s)', async (production) => {
    await set('autocommit', 0);
    expect(await messageOf(production)).toMatch(
      /^GlobalRevocationModule: the database has autocommit off: set autocommit = 1/,
    );
  });

  test.each([true, false])('a read-only replica prevents startup (production %s)', async (production) => {
    await set('read_only', 1);
    expect(await messageOf(production)).toMatch(
      /^GlobalRevocationModule: the database is read-only, .* connect to the primary/,
    );
  });

  test.each([true, false])('NO_BACKSLASH_ESCAPES prevents startup with production %s', async (production) => {
    const [rows] = await connection.query('SELECT @@global.sql_mode AS mode');
    const [{ mode }] = rows as [{ mode: string }];
    try {
      await connection.query(`SET GLOBAL sql_mode = '${mode},NO_BACKSLASH_ESCAPES'`);
      expect(await messageOf(production)).toMatch(
        /sql_mode contains NO_BACKSLASH_ESCAPES, .*a caller could inject SQL: remove it/,
      );
    } finally {
      await connection.query(`SET GLOBAL sql_mode = '${mode}'`);
    }
  });

  describe('on the command line', () => {
    const SERVE = 'SELECT, INSERT, UPDATE, DELETE';
    const FLAG = 'GLOBAL_TOKEN_REVOCATION';
    /** Settings with an account that has these rights on a migrated database. */
    async function settingsOf(rights: string): Promise<Record<string, string>> {
      const DATABASE_URL = await createDatabase(server.url);
      const ISSUER = 'http://127.0.0.1:9';
      await ctl(['migrate'], { DATABASE_URL, ISSUER });
      const own = new URL(DATABASE_URL);
      const user = `op_${randomBytes(4).toString('hex')}`;
      await connection.query(`CREATE USER ${user} IDENTIFIED BY 'secret'`);
      await connection.query(`GRANT ${rights} ON ${own.pathname.slice(1)}.* TO ${user}`);
      Object.assign(own, { username: user, password: 'secret' });
      return { DATABASE_URL: own.href, ISSUER };
    }
    const revoke = ['revoke', '--format', 'uid', '--id', 'alice'];
    const addAlice = ({ DATABASE_URL }: Record<string, string>) =>
      connection.query(
        `INSERT INTO ${new URL(DATABASE_URL!).pathname.slice(1)}.op_user
          (id, uid, email, name, phone, department, password_hash, demo) VALUES ('a', 'alice', 'a@example.com', '', '', '', '', 0)`,
      );

    test('doctor and commands explain a read-only database and where to connect', async () => {
      const settings = await settingsOf(SERVE);
      await set('innodb_flush_log_at_trx_commit', 2);
      await set('read_only', 1);
      const { code, out } = await ctl(['doctor'], settings);
      expect(code).toBe(1);
      const writes = /read-only.*: this database rejects writes: connect to the primary, or turn read_only off$/m;
      expect(out).toMatch(new RegExp(`^FIX +database +.*${writes.source}`, 'm'));
      expect(out).not.toContain('check that the database runs');
      expect(out).toMatch(/^FIX +primary +the database is read-only, .* connect to the primary/m);
      expect(out).toMatch(/^FIX +durability +innodb_flush_log_at_trx_commit is 2, .*: set it to 1$/m);
      const disabled = await ctl(['flags', 'disable', FLAG], settings);
      expect(disabled).toEqual({ code: 1, out: '', err: expect.stringMatching(writes) as string });
      expect(disabled.err).not.toContain('does not answer');
    });

    test('an account without a right learns which one to grant', async () => {
      const settings = await settingsOf('SELECT');
      await addAlice(settings);
      const grant = /command denied.*: the account lacks a right: grant it SELECT, INSERT, UPDATE and DELETE/;
      expect((await ctl(['doctor'], settings)).out).toMatch(new RegExp(`^FIX +database +.*${grant.source}`, 'm'));
      const refused = { code: 1, out: '', err: expect.stringMatching(grant) as string };
      expect(await ctl(revoke, settings)).toEqual(refused);
      expect(await ctl(['flags', 'disable', FLAG], settings)).toEqual(refused);
    });

    test('migrate explains that it needs the other account, or that the password is wrong', async () => {
      const settings = await settingsOf(SERVE);
      const database = new URL(settings['DATABASE_URL']!).pathname.slice(1);
      await connection.query(`DELETE FROM ${database}.op_migration WHERE name LIKE 'GtrCreateCoreTables%'`);
      expect(await ctl(['migrate'], settings)).toEqual({
        code: 1,
        out: '',
        err: expect.stringMatching(/CREATE command denied.*: migrations need an account with more rights/) as string,
      });
      const DATABASE_URL = settings['DATABASE_URL']!.replace(':secret@', ':wrong@');
      const err = expect.stringMatching(/^error: cannot start: Access denied.*: check the account/) as string;
      expect(await ctl(['flags', 'list'], { ...settings, DATABASE_URL })).toEqual({ code: 1, out: '', err });
    });
  });
});
