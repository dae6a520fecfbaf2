import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { runInEpochContext } from '../../../src/module/oidc-provider/index.js';
import { onPrimary } from '../../../src/module/database/primary.js';
import { databases, describeEachDatabase } from '../../support/databases.js';
import { within } from '../../support/within.js';
import { OpUser } from '../../../src/reference-op/op/op-user.entity.js';
import { databaseFixture, openForTest, type OpenDatabase } from './open-database.js';

/** What a host may ask the module for. */
const CALLS: Record<string, (db: OpenDatabase) => Promise<unknown>> = {
  'a revocation': (db) => db.revoke('alice'),
  'a comparison of epochs': (db) => db.epochs.isCurrent('alice', 1),
  'a comparison of epochs from before': (db) => db.epochs.isCurrent('alice', 0, { withoutEpoch: 'until-revoked' }),
  'the epoch for a sign-in': (db) => db.epochs.epochForSignIn('alice'),
  'a read on the primary': (db) => onPrimary(db.dataSource, (manager) => manager.query('SELECT 1')),
  'a token by its id': (db) => db.adapters('AccessToken').find('token'),
  'a session by its uid': (db) => db.adapters('Session').findByUid('uid'),
  'saving a record': (db) => runInEpochContext(() => db.adapters('Session').upsert('id', { jti: 'id' }, 60)),
};

/** Ways to be in a transaction. */
const WAYS: Record<string, (db: OpenDatabase, work: () => Promise<unknown>) => Promise<unknown>> = {
  'dataSource.transaction()': ({ dataSource }, work) => dataSource.transaction(work),
  'manager.transaction()': ({ dataSource }, work) => dataSource.getRepository(OpUser).manager.transaction(work),
  'a nested transaction': ({ dataSource }, work) => dataSource.transaction((manager) => manager.transaction(work)),
  'a transaction after a nested one': ({ dataSource }, work) =>
    dataSource.transaction(async (manager) => {
      await manager.transaction((inner) => inner.query('SELECT 1'));
      return work();
    }),
  'a query runner': async ({ dataSource }, work) => {
    const runner = dataSource.createQueryRunner();
    await runner.startTransaction();
    try {
      return await work();
    } finally {
      await runner.rollbackTransaction();
      await runner.release();
    }
  },
};

const pairs = Object.keys(WAYS).flatMap((way) => Object.keys(CALLS).map((call) => [call, way] as const));

const promised = () => {
  let resolve!: () => void;
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve };
};

/** What waits for itself would never come. */
const soon = <T>(work: Promise<T>): Promise<T> => within(10_000, work);

describeEachDatabase('calls inside a transaction of the host', (database) => {
  const db = databaseFixture(database);
  const isSqlite = database.name === 'sqlite';

  test.each(pairs)('%s in %s: rejected at once on SQLite, and possible elsewhere', async (call, way) => {
    const work = soon(WAYS[way]!(db, () => CALLS[call]!(db)));
    if (isSqlite) await expect(work).rejects.toThrow(/^called inside .*: call it before .* or after it has committed$/);
    else await work;
    await soon(CALLS[call]!(db)); // afterwards, in the same asynchronous context
  });

  test('all calls beside a transaction of somebody else are served', async () => {
    const all = Object.values(CALLS).flatMap((call) => [
      db.dataSource.transaction(() => sleep(2)),
      call(db),
      db.dataSource.getRepository(OpUser).save([]),
      db.revoke('bob'),
      db.revoke('carol'),
    ]);
    expect((await soon(Promise.allSettled(all))).filter(({ status }) => status === 'rejected')).toEqual([]);
  });

  test('calls that begin beside an open transaction, in the context that began it, wait for its end', async () => {
    const { promise: begun, resolve: begin } = promised();
    const { promise: ended, resolve: end } = promised();
    const open = db.dataSource.transaction(() => (begin(), ended));
    await begun;
    const all = Object.values(CALLS).map((call) => call(db));
    end();
    await soon(Promise.all([open, ...all]));
  });

  test('in a transaction of another data source a revocation is possible', async () => {
    const other = await openForTest(databases[0]!);

    await soon(other.dataSource.transaction(() => db.revoke('alice')));
  });
});
