import { EventEmitter, once } from 'node:events';
import { type DataSource, type MigrationInterface, type QueryRunner } from 'typeorm';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { migrate, pendingMigrations } from '../../../src/module/database/migrate.js';
import { dataSourceOptions, openDataSource } from '../../../src/reference-op/op/data-source.js';
import { describeEachDatabase } from '../../support/databases.js';
import { tableNames } from './dump.js';

/** A migration that fails half way. */
class HalfWay implements MigrationInterface {
  readonly name = 'HalfWay9999999999999';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE half_way (id int)');
    throw new Error('no further');
  }

  down = (): Promise<void> => Promise.resolve();
}

/** `begun` and `end` of {@link Slow}. */
const slow = new EventEmitter();

/** A migration that takes as long as the test says. */
class Slow implements MigrationInterface {
  readonly name = 'Slow9999999999999';

  async up(): Promise<void> {
    const end = once(slow, 'end');
    slow.emit('begun');
    await end;
  }

  down = (): Promise<void> => Promise.resolve();
}

describeEachDatabase('migrate', (database) => {
  let url: string;
  let drop: () => Promise<void>;
  const opened: DataSource[] = [];

  const open = async (more: object = {}): Promise<DataSource> => {
    const dataSource = await openDataSource({ ...dataSourceOptions(url), ...more }, 'leave');
    opened.push(dataSource);
    return dataSource;
  };

  beforeEach(async () => {
    ({ url, drop } = await database.create());
  });
  afterEach(async () => {
    for (const dataSource of opened.splice(0)) await dataSource.destroy();
    await drop();
  });

  test('runs all migrations of an empty database in order, and none a second time', async () => {
    const dataSource = await open();
    const all = await pendingMigrations(dataSource);
    expect(await tableNames(dataSource)).toEqual([]);
    expect(await migrate(dataSource)).toEqual(all);
    expect(all.length).toBeGreaterThan(1);
    expect(await pendingMigrations(dataSource)).toEqual([]);
    expect(await migrate(dataSource)).toEqual([]);
  });

  test('runs each migration once when four processes start at once', async () => {
    const dataSources = await Promise.all(Array.from({ length: 4 }, () => open()));
    const all = await pendingMigrations(dataSources[0]!);
    const ran = await Promise.all(dataSources.map((dataSource) => migrate(dataSource)));
    expect(ran.flat()).toEqual(all);
    for (const dataSource of dataSources) expect(await pendingMigrations(dataSource)).toEqual([]);
  });

  test('fails when another process holds the lock too long, changes nothing and works later', async () => {
    const begun = once(slow, 'begun');
    const held = migrate(await open({ migrations: [Slow] }));
    await begun;

    const waiting = await open();
    await expect(migrate(waiting, 300)).rejects.toThrow(/locked|another process has been migrating/);
    expect(await tableNames(waiting)).not.toContain('gtr_client');
    slow.emit('end');
    expect(await held).toEqual(['Slow9999999999999']);
    expect((await migrate(waiting)).length).toBeGreaterThan(1);
  });

  test('throws the error of a failing migration, skips the later ones and frees the lock', async () => {
    const printed = vi.spyOn(console, 'log');
    await expect(migrate(await open({ migrations: [HalfWay] }))).rejects.toThrow('no further');
    expect(printed).not.toHaveBeenCalled();
    printed.mockRestore();
    const other = await open();
    expect((await migrate(other)).length).toBeGreaterThan(1);
    if (database.name === 'sqlite') expect(await tableNames(other)).not.toContain('half_way');
  });

  test('refuses to open with pending migrations and names the command to run', async () => {
    const refuse = () => openDataSource(dataSourceOptions(url), 'refuse');
    await expect(refuse()).rejects.toThrow(/migrations are pending \(GtrCreateCoreTables.*ctl\.js migrate/);
    await migrate(await open());
    opened.push(await refuse());
  });
});
