import { Logger } from '@nestjs/common';
import { createConnection, type Connection } from 'mysql2/promise';
import { Column, Entity, type MigrationInterface, PrimaryColumn, type QueryRunner } from 'typeorm';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  Client,
  ClientRegistry,
  coreEntities,
  coreMigrations,
  DatabaseDeadline,
  Revocation,
  RevocationService,
  StartChecks,
  SubjectEpochs,
} from '../../../src/module/index.js';
import { oidcProviderEntities, oidcProviderMigrations } from '../../../src/module/oidc-provider/entities.js';
import { inheritEpoch, runInEpochContext } from '../../../src/module/oidc-provider/epoch-context.js';
import { oidcAdapters } from '../../../src/module/oidc-provider/oidc-adapters.js';
import { databases } from '../../support/databases.js';
import { basic } from '../../support/operator.js';
import {
  CreateHostUser1,
  type Host,
  type HostOptions,
  HostUser,
  operator,
  registerCallers,
  startHost,
} from '../host.js';

const mariadb = databases.find(({ name }) => name === 'mariadb')!;

/** Whoever signs in here has a name in the character set of the database. */
@Entity('named_user')
class NamedUser {
  @PrimaryColumn('varchar', { length: 36 })
  id!: string;

  @Column('varchar', { length: 100 })
  login!: string;

  @Column('varchar', { length: 100 })
  mail!: string;
}

class CreateNamedUser2 implements MigrationInterface {
  readonly name = 'CreateNamedUser1763769600008';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      'CREATE TABLE named_user (id varchar(36) PRIMARY KEY, login varchar(100) NOT NULL, mail varchar(100) NOT NULL)',
    );
    await runner.query(
      'CREATE TABLE named_session (id int PRIMARY KEY AUTO_INCREMENT, user_id varchar(36), KEY (user_id))',
    );
    await runner.query(
      `INSERT INTO named_user VALUES ('1', 'José', 'jose@example.com'), ('2', 'O''Brien', 'OB@xn--7qvw47h.example'), ('3', '?', '?'), ('4', '??', '??')`,
    );
  }

  async down(): Promise<void> {}
}

@Entity('named_session')
class NamedSession {
  @PrimaryColumn('int')
  id!: number;

  @Column('varchar', { name: 'user_id', length: 36 })
  userId!: string;
}

describe.skipIf(!mariadb.available)('a database that was made with another character set', () => {
  let host: Host | undefined;
  let database: { url: string; drop: () => Promise<void> };
  let connection: Connection;
  const url = () => database.url.replace(/^mariadb:/, 'mysql:');
  const setDefault = (charset: string) =>
    connection.query(`ALTER DATABASE ${new URL(url()).pathname.slice(1)} ${charset}`);

  beforeEach(async () => {
    database = await mariadb.create();
    connection = await createConnection(url());
  });
  afterEach(async () => {
    vi.restoreAllMocks();
    await host?.app.close();
    host = undefined;
    await connection.end();
    await database.drop();
  });

  const ours = { entities: [HostUser, ...coreEntities, ...oidcProviderEntities] };
  async function start(more: object = {}, options: HostOptions['options'] = {}): Promise<Host> {
    const migrations = [CreateHostUser1, ...coreMigrations, ...oidcProviderMigrations];
    const dataSource = { type: 'mariadb', url: url(), ...ours, migrations, ...more };
    host = await startHost('fastify', { dataSource: dataSource as HostOptions['dataSource'] & object, options });
    return host;
  }

  const defaults = ['latin1', 'utf8mb3', 'utf8mb4 COLLATE utf8mb4_general_ci'];
  test.each(defaults)('a database in %s records, joins and finds any text', async (charset) => {
    await setDefault(`CHARACTER SET ${charset}`);
    const { app, dataSource } = await start();
    expect(await app.get(StartChecks).findings()).toEqual([]);
    const epochs = app.get(SubjectEpochs);
    const before = await epochs.epochForSignIn('李雷');
    const id = await app.get(RevocationService).revoke('李雷', { actor: '监控', reason: '密码已更改 \u{1F600}' });
    expect(await epochs.isCurrent('李雷', before)).toBe(false);
    const record = await dataSource.getRepository(Revocation).findOneByOrFail({ id });
    expect(record).toMatchObject({ subject: '李雷', actor: '监控', reason: '密码已更改 \u{1F600}' });
    await registerCallers(host!);
    await dataSource
      .getRepository(Client)
      .update({ clientId: operator.id }, { metadata: { client_name: '监控' } } as never);
    expect(await app.get(ClientRegistry).find(operator.id)).toMatchObject({ metadata: { client_name: '监控' } });
    const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
    expect(upQueries.filter(({ query }) => query.includes('gtr_'))).toEqual([]);
  });

  test('tables can be joined when the default changes between the migrations', async () => {
    await setDefault('CHARACTER SET latin1');
    const first = await start({
      entities: [HostUser, ...coreEntities],
      migrations: [CreateHostUser1, ...coreMigrations],
    });
    await first.app.close();
    await setDefault('CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci');
    const { app, dataSource } = await start();
    const clients = app.get(ClientRegistry);
    const deadline = app.get(DatabaseDeadline);
    const tokens = oidcAdapters({ dataSource, deadline, clients, storageKey: new Uint8Array(32).fill(7) })(
      'AccessToken',
    );
    const epoch = await app.get(SubjectEpochs).epochForSignIn('1');
    await runInEpochContext(async () => {
      inheritEpoch('1', epoch);
      await tokens.upsert('token', { accountId: '1' }, 600);
    });
    expect(await tokens.find('token')).toMatchObject({ accountId: '1' });
  });

  const convert = (table: string, to: string) =>
    connection.query(`ALTER TABLE ${table} CONVERT TO CHARACTER SET ${to}`);

  test.each([
    ['gtr_oidc_record', 'utf8mb4 COLLATE utf8mb4_general_ci', 'utf8mb4_general_ci'],
    ['gtr_revocation', 'latin1 COLLATE latin1_swedish_ci', 'latin1_swedish_ci'],
  ])('%s converted to %s prevents startup, and the message names the fix', async (table, to, collation) => {
    await (await start()).app.close();
    await convert(table, to);
    const message = `the table ${table} has columns with the collation ${collation}, not utf8mb4_bin: run ALTER TABLE ${table} CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`;
    await expect(start()).rejects.toThrow(message);
    await connection.query(message.slice(message.indexOf('ALTER')));
    await start();
  });

  test('another collation of utf8mb4 in all tables causes a warning', async () => {
    const warn = vi.spyOn(Logger.prototype, 'warn').mockImplementation(() => {});
    await (await start()).app.close();
    const [rows] = await connection.query(`SHOW TABLES LIKE 'gtr\\_%'`);
    for (const row of rows as object[])
      await convert(String(Object.values(row)[0]), 'utf8mb4 COLLATE utf8mb4_unicode_ci');
    await start();
    expect(warn).toHaveBeenCalledWith(expect.stringContaining('the table gtr_client has columns with the collation'));
  });

  test.each(['latin1', 'utf8', 'ascii'])('a connection in %s prevents startup', async (charset) => {
    await expect(start({ charset })).rejects.toThrow("set `charset: 'utf8mb4'` in the DataSource");
  });

  describe('columns of the host', () => {
    const call = async (subId: object): Promise<number> => {
      const response = await fetch(`${host!.url}/global-token-revocation`, {
        method: 'POST',
        headers: { authorization: basic(operator.id, operator.secret), 'content-type': 'application/json' },
        body: JSON.stringify({ sub_id: subId }),
      });
      return response.status;
    };
    const users = { entity: NamedUser, subject: 'id', email: 'mail', attributes: { uid: 'login' } } as const;
    const startNamed = async (charset: string) => {
      await setDefault(`CHARACTER SET ${charset}`);
      const target = { entity: NamedSession, userColumn: 'userId', orderColumn: 'id', action: 'delete' } as const;
      await start(
        {
          entities: [...ours.entities, NamedUser, NamedSession],
          migrations: [CreateNamedUser2, ...coreMigrations, ...oidcProviderMigrations],
        },
        { users: users as never, targets: [target] as never },
      );
      await registerCallers(host!);
    };

    test.each(['latin1', 'utf8mb3'])('in %s do not match a name that they cannot store', async (charset) => {
      await startNamed(charset);
      const uid = (id: string) => ({ format: 'uid', id });
      expect([await call(uid('José')), await call(uid(`O'Brien`))]).toEqual([204, 204]);
      for (const name of ['\u{1F600}', 'a\u{1F600}', '\u{20BB7}\u{1F600}']) expect(await call(uid(name))).toBe(404);
      if (charset === 'latin1') expect([await call(uid('李雷')), await call(uid('李'))]).toEqual([404, 404]);
      expect(await call({ format: 'opaque', id: '\u{1F600}' })).toBe(404);
      expect(await call({ format: 'aliases', identifiers: [uid('\u{1F600}'), uid('José')] })).toBe(204);
      expect(await host!.app.get(RevocationService).revoke('\u{1F600}', { actor: 'test' })).toBeTypeOf('string');
    });

    test('match an address stored with A-labels in every form of its domain', async () => {
      await startNamed('latin1');
      expect(await call({ format: 'email', email: 'OB@李雷.example' })).toBe(204);
    });
  });
});
