import { expect, test } from 'vitest';
import { TypeOrmFeatureFlagStore } from '../../../src/module/feature-flags/typeorm-feature-flag.store.js';
import { describeEachDatabase } from '../../support/databases.js';
import { databaseFixture } from '../database/open-database.js';

describeEachDatabase('stored feature flags', (database) => {
  const db = databaseFixture(database);

  test('returns the value before, and undefined the first time', async () => {
    const store = new TypeOrmFeatureFlagStore(db.dataSource);
    const write = (enabled: boolean) =>
      db.dataSource.transaction((manager) => store.write('GLOBAL_TOKEN_REVOCATION', enabled, 'test', manager));
    expect(await store.read()).toEqual(new Map());
    expect([await write(false), await write(true), await write(true)]).toEqual([undefined, false, true]);
    expect(await store.read()).toEqual(new Map([['GLOBAL_TOKEN_REVOCATION', true]]));
  });

  test('stores nothing when the transaction of the change is rolled back', async () => {
    const store = new TypeOrmFeatureFlagStore(db.dataSource);
    const before = await store.read();
    const change = db.dataSource.transaction(async (manager) => {
      await store.write('GLOBAL_TOKEN_REVOCATION', false, 'test', manager);
      throw new Error('no record');
    });
    await expect(change).rejects.toThrow('no record');
    expect(await store.read()).toEqual(before);
  });
});
