import { afterEach, expect, test } from 'vitest';
import { DataSource, type DataSourceOptions, type MigrationInterface, type QueryRunner } from 'typeorm';
import { oidcAdapters } from '../../../src/module/oidc-provider/oidc-adapters.js';
import { oidcProviderEntities, oidcProviderMigrations } from '../../../src/module/oidc-provider/entities.js';
import { ClientRegistry, SubjectEpochs, TypeOrmClientRegistry } from '../../../src/module/index.js';
import { DatabaseDeadline } from '../../../src/module/database/deadline.js';
import { gateSqlite } from '../../../src/module/database/sqlite-gate.js';
import { coreEntities, coreMigrations } from '../../../src/module/entities.js';
import { dataSourceOptions } from '../../../src/reference-op/op/data-source.js';
import { tableNames } from '../database/dump.js';
import { describeEachDatabase } from '../../support/databases.js';

const migration = (name: string, up: string, down: string) =>
  class implements MigrationInterface {
    readonly name = name;

    async up(runner: QueryRunner): Promise<void> {
      await runner.query(up);
    }

    async down(runner: QueryRunner): Promise<void> {
      await runner.query(down);
    }
  };

/** A host's own history: older than ours, soon after ours, and younger. */
const hosts = [
  migration('CreateShop1500000000000', 'CREATE TABLE shop (id int PRIMARY KEY)', 'DROP TABLE shop'),
  migration('CreateOrder1763769600030', 'CREATE TABLE shop_order (id int PRIMARY KEY)', 'DROP TABLE shop_order'),
  migration('FillShop1900000000000', 'INSERT INTO shop VALUES (1)', 'DELETE FROM shop'),
];

const CORE = [
  ...['gtr_client', 'gtr_feature_flag', 'gtr_subject_epoch', 'gtr_revocation', 'gtr_assertion', 'gtr_change'],
  ...['gtr_outbox', 'gtr_delivery', 'gtr_participant', 'gtr_realm_epoch', 'gtr_ended_session'],
  ...['gtr_status_index', 'gtr_status_list', 'gtr_issuer'],
];

describeEachDatabase("a host's own migrations", (database) => {
  let dataSource: DataSource | undefined;
  let drop: () => Promise<void>;
  /** Of the database of this test. */
  let databaseUrl: string;

  async function open(options: object, url?: string): Promise<DataSource> {
    if (url === undefined) ({ url: databaseUrl, drop } = await database.create());
    const { type, ...rest } = dataSourceOptions(databaseUrl);
    const own = { migrationsTableName: 'shop_history', migrationsRun: false, entities: coreEntities };
    dataSource = await gateSqlite(
      new DataSource({ ...rest, type, ...own, ...options } as DataSourceOptions),
    ).initialize();
    return dataSource;
  }
  afterEach(async () => {
    await dataSource?.destroy();
    await drop();
  });
  const tables = async (): Promise<string[]> => (await tableNames(dataSource!)).toSorted();
  const history = async (): Promise<string[]> =>
    (await dataSource!.query<Array<{ name: string }>>('SELECT name FROM shop_history ORDER BY id')).map(
      ({ name }) => name,
    );

  test('run in one list with ours, in order of time, with their own history table', async () => {
    await (await open({ migrations: [...hosts, ...coreMigrations] })).runMigrations();
    expect(await tables()).toEqual([...CORE, 'shop', 'shop_history', 'shop_order'].toSorted());
    const names = await history();
    expect(names).toHaveLength(hosts.length + coreMigrations.length);
    expect(names[0]).toBe('CreateShop1500000000000');
    expect(names.at(-1)).toBe('FillShop1900000000000');
    expect(await dataSource!.showMigrations()).toBe(false);
  });

  test('are not run again when ours are added to an old database', async () => {
    const before = await open({ migrations: hosts, entities: [] });
    await before.runMigrations();
    await before.query('INSERT INTO shop_order VALUES (7)');
    const options = { migrations: [...hosts, ...coreMigrations] };
    await before.destroy();
    const after = await open(options, databaseUrl);
    expect((await after.runMigrations()).map(({ name }) => name)).toEqual((await history()).slice(hosts.length));
    expect(await after.query('SELECT id FROM shop_order')).toEqual([{ id: 7 }]);
    expect(await tables()).toEqual([...CORE, 'shop', 'shop_history', 'shop_order'].toSorted());
  });

  test('the core alone creates only its tables, and the adapter reports the missing ones', async () => {
    const core = await open({ migrations: coreMigrations });
    await core.runMigrations();
    expect(await tables()).toEqual([...CORE, 'shop_history'].toSorted());
    const deadline = new DatabaseDeadline(5000);
    expect(await new SubjectEpochs(core, deadline).epochForSignIn('x')).toBeGreaterThan(0);
    const clients: ClientRegistry = new TypeOrmClientRegistry(core);
    expect(await clients.find('nobody')).toBeUndefined();
    expect(() => oidcAdapters({ dataSource: core, deadline, clients, storageKey: new Uint8Array(32) })).toThrow(
      'the DataSource has no entity OidcRecord: add ...oidcProviderEntities to its `entities`',
    );
  });

  test('core and adapter create their tables without those of the reference server', async () => {
    const entities = [...coreEntities, ...oidcProviderEntities];
    await (await open({ migrations: [...coreMigrations, ...oidcProviderMigrations], entities })).runMigrations();
    expect(await tables()).toEqual([...CORE, 'gtr_oidc_record', 'shop_history'].toSorted());
    const { upQueries } = await dataSource!.driver.createSchemaBuilder().log();
    expect(upQueries.map(({ query }) => query)).toEqual([]);
  });
});
