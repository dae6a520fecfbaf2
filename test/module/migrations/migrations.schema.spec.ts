import {
  DataSource,
  type DataSourceOptions,
  type MigrationInterface,
  type QueryRunner,
  Table,
  TableColumn,
} from 'typeorm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Client } from '../../../src/module/caller/clients/client.entity.js';
import { gateSqlite } from '../../../src/module/database/sqlite-gate.js';
import { dataSourceOptions } from '../../../src/reference-op/op/data-source.js';
import { SubjectEpoch } from '../../../src/module/revocation/subject-epoch.entity.js';
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

/** What a release after this one may do to tables that older nodes still write to. */
class LaterVersion implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const table of LATER) {
      await runner.addColumn(table, new TableColumn({ name: 'later', type: 'bigint', default: 5 }));
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of LATER) await runner.dropColumn(table, 'later');
  }
}
const LATER = ['gtr_client', 'gtr_subject_epoch'];

const client = (clientId: string) => ({
  clientIdHash: clientId,
  clientId,
  secretHash: 's',
  previousSecretHash: null,
  previousSecretExpiresAt: null,
  scope: 'openid',
  enabled: 1,
  demo: 0,
  metadata: { a: 'b' },
  restrictions: null,
});

const OURS = [
  'gtr_assertion',
  'gtr_change',
  'gtr_client',
  'gtr_delivery',
  'gtr_ended_session',
  'gtr_feature_flag',
  'gtr_issuer',
  'gtr_oidc_record',
  'gtr_outbox',
  'gtr_participant',
  'gtr_realm_epoch',
  'gtr_revocation',
  'gtr_ssf_stream',
  'gtr_ssf_subject',
  'gtr_status_index',
  'gtr_status_list',
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

  test('create exactly the tables that the entities describe', async () => {
    await dataSource.runMigrations();
    expect(await tables()).toEqual(OURS);
    expect(await drift()).toEqual([]);
  });

  test('leave no table when undone, and create the same tables again', async () => {
    await dataSource.runMigrations();
    await undoAll();
    expect(await tables()).toEqual([]);
    await dataSource.runMigrations();
    expect(await tables()).toEqual(OURS);
    expect(await drift()).toEqual([]);
  });

  test('do nothing on a second run', async () => {
    await dataSource.runMigrations();
    expect(await dataSource.showMigrations()).toBe(false);
    expect(await dataSource.runMigrations()).toEqual([]);
  });

  test('of a later version add columns, keep the rows and let the older version write', async () => {
    await dataSource.runMigrations();
    const clients = dataSource.getRepository(Client);
    const epochs = dataSource.getRepository(SubjectEpoch);
    await clients.insert(client('before') as never);
    await epochs.insert({ subjectHash: 'before', epoch: 7, previous: 3 });

    const runner = dataSource.createQueryRunner();
    await new LaterVersion().up(runner);
    await clients.insert(client('after') as never);
    await epochs.insert({ subjectHash: 'after', epoch: 8, previous: 4 });
    const later = (await runner.query('SELECT later FROM gtr_client')) as Array<{ later: unknown }>;
    expect(later.map((row) => Number(row.later))).toEqual([5, 5]);
    expect(await clients.find({ order: { clientId: 'DESC' } })).toMatchObject([client('before'), client('after')]);
    expect(await epochs.find({ order: { epoch: 'ASC' } })).toMatchObject([
      { subjectHash: 'before', epoch: 7, previous: 3 },
      { subjectHash: 'after', epoch: 8, previous: 4 },
    ]);

    await new LaterVersion().down(runner);
    await runner.release();
    expect(await clients.find({ order: { clientId: 'DESC' } })).toMatchObject([client('before'), client('after')]);
    expect(await drift()).toEqual([]);
  });

  test('run in one history with those of the host and are undone with them', async () => {
    await dataSource.destroy();
    await drop();
    dataSource = await open({ migrations: [HostMigration] });
    await dataSource.runMigrations();
    expect(await tables()).toEqual([...OURS, 'host_order'].toSorted());
    await undoAll();
    expect(await tables()).toEqual([]);
  });
});
