import { DataSource, type DataSourceOptions, type MigrationInterface, type QueryRunner, Table } from 'typeorm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Client } from '../../../src/module/caller/clients/client.entity.js';
import { gateSqlite } from '../../../src/module/database/sqlite-gate.js';
import { dataSourceOptions } from '../../../src/reference-op/op/data-source.js';
import { ClientRotation2 } from '../../../src/module/migrations/core/2-client-rotation.js';
import { AddAuditColumns5 } from '../../../src/module/migrations/core/5-add-audit-columns.js';
import { Revocation } from '../../../src/module/revocation/revocation.entity.js';
import { tableNames } from '../database/dump.js';
import { describeEachDatabase } from '../../support/databases.js';

/** A host's own table, made between ours. */
class HostMigration implements MigrationInterface {
  readonly name = 'HostCreateOrder1763769600002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(
      new Table({ name: 'host_order', columns: [{ name: 'id', type: 'int', isPrimary: true }] }),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('host_order');
  }
}

const OURS = [
  'gtr_assertion',
  'gtr_change',
  'gtr_client',
  'gtr_feature_flag',
  'gtr_oidc_record',
  'gtr_revocation',
  'gtr_subject_epoch',
  'op_user',
];

describeEachDatabase('migrations', (database) => {
  let dataSource: DataSource;
  let drop: () => Promise<void>;

  /** A data source as the server has it, not migrated yet. */
  async function open(more: { migrations?: Array<new () => MigrationInterface> } = {}): Promise<DataSource> {
    const created = await database.create();
    drop = created.drop;
    const options = { ...dataSourceOptions(created.url), migrationsRun: false };
    const migrations = [...(options.migrations as never[]), ...(more.migrations ?? [])];
    return gateSqlite(new DataSource({ ...options, migrations } as DataSourceOptions)).initialize();
  }

  const tables = async (): Promise<string[]> =>
    (await tableNames(dataSource)).filter((name) => name !== 'op_migration').toSorted();

  /** Statements that would make the tables what the entities say. */
  const drift = async (): Promise<string[]> => {
    const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
    return upQueries.map(({ query }) => query);
  };

  const undoAll = async (): Promise<void> => {
    for (const _ of dataSource.migrations) await dataSource.undoLastMigration();
  };

  beforeEach(async () => {
    dataSource = await open();
  });
  afterEach(async () => {
    await dataSource.destroy();
    await drop();
  });

  test('all run → the tables are what the entities say, nothing to add', async () => {
    await dataSource.runMigrations();
    expect(await tables()).toEqual(OURS);
    expect(await drift()).toEqual([]);
  });

  test('all undone, then run again → no table is left behind, and the same tables come back', async () => {
    await dataSource.runMigrations();
    await undoAll();
    expect(await tables()).toEqual([]);
    await dataSource.runMigrations();
    expect(await tables()).toEqual(OURS);
    expect(await drift()).toEqual([]);
  });

  test('run a second time → nothing is left to do', async () => {
    await dataSource.runMigrations();
    expect(await dataSource.showMigrations()).toBe(false);
    expect(await dataSource.runMigrations()).toEqual([]);
  });

  test('audit columns come to a table that has records → empty in the old ones', async () => {
    await dataSource.runMigrations();
    const runner = dataSource.createQueryRunner();
    await new AddAuditColumns5().down(runner);
    const columns = (await runner.getTable('gtr_revocation'))!.columns.filter(({ isNullable }) => !isNullable);
    const old = columns.map(({ name, type }) => [name, /int/i.test(type) ? 7 : 'old'] as const);
    await runner.query(
      `INSERT INTO gtr_revocation (${old.map(([name]) => name).join()}) VALUES (${old.map(() => '?').join()})`,
      old.map(([, value]) => value),
    );
    await new AddAuditColumns5().up(runner);
    await runner.release();

    const [record] = await dataSource.getRepository(Revocation).find();
    expect(record).toMatchObject({ id: 'old', actor: 'old', epochAfter: 7 });
    expect(record).toMatchObject({ keyId: '', identifierHash: '', requestId: '' });
    expect(await drift()).toEqual([]);
  });

  test('a second secret and restrictions come to a table that has clients → one secret and no restrictions in the old ones', async () => {
    await dataSource.runMigrations();
    const runner = dataSource.createQueryRunner();
    await new ClientRotation2().down(runner);
    await runner.query(`INSERT INTO gtr_client (client_id_hash, client_id, secret_hash, scope, enabled, demo, metadata)
      VALUES ('h', 'old', 's', 'openid', 1, 0, '{"a":"b"}')`);
    await new ClientRotation2().up(runner);
    await runner.release();

    expect(await dataSource.getRepository(Client).find()).toMatchObject([
      { clientId: 'old', secretHash: 's', previousSecretHash: null, restrictions: null, metadata: { a: 'b' } },
    ]);
    expect(await drift()).toEqual([]);
  });

  test('beside a migration of the host → both run, in one history, and are undone together', async () => {
    await dataSource.destroy();
    await drop();
    dataSource = await open({ migrations: [HostMigration] });
    await dataSource.runMigrations();
    expect(await tables()).toEqual([...OURS, 'host_order'].toSorted());
    await undoAll();
    expect(await tables()).toEqual([]);
  });
});
