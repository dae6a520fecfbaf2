import { EventEmitter, once } from 'node:events';
import type { DataSource, MigrationInterface, QueryRunner } from 'typeorm';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { Revocation } from '../../../src/module/index.js';
import { migrate } from '../../../src/module/database/migrate.js';
import { sha256Hex } from '../../../src/module/database/digest.js';
import { subjectKey } from '../../../src/module/revocation/subject-epochs.js';
import { dataSourceOptions, openDataSource } from '../../../src/reference-op/op/data-source.js';
import { runOnServer } from '../../../src/testing/own-database.js';
import { databases, type TestDatabase } from '../../support/databases.js';
import { openDatabase, type OpenDatabase } from './open-database.js';

const [, mariadb, postgres] = databases as [TestDatabase, TestDatabase, TestDatabase];

/** PostgreSQL whose transactions run at this level unless they say otherwise. */
const postgresAt = (level: string): TestDatabase => ({
  ...postgres,
  async create() {
    const made = await postgres.create();
    const name = new URL(made.url).pathname.slice(1);
    await runOnServer(new URL(made.url), `ALTER DATABASE ${name} SET default_transaction_isolation = '${level}'`);
    return made;
  },
});

const WAITING: Partial<Record<TestDatabase['name'], string>> = {
  postgres: `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
  mariadb: `SELECT 1 FROM information_schema.innodb_trx t JOIN information_schema.processlist p
    ON p.id = t.trx_mysql_thread_id WHERE p.db = DATABASE() AND t.trx_state = 'LOCK WAIT'`,
};

let db: OpenDatabase;
let other: QueryRunner | undefined;

/** A transaction of somebody else, which holds its locks until it is committed. */
async function begin(dataSource: DataSource): Promise<QueryRunner> {
  other = dataSource.createQueryRunner('master');
  await other.startTransaction();
  return other;
}

/** Until a statement waits for a lock. */
const untilBlocked = (dataSource: DataSource, database: TestDatabase): Promise<void> =>
  vi.waitFor(async () => expect(await dataSource.query(WAITING[database.name]!)).not.toEqual([]), {
    timeout: 30_000,
    interval: 120,
  });

afterEach(async () => {
  if (other?.isTransactionActive) await other.rollbackTransaction();
  await other?.release();
  other = undefined;
});

const touchEpoch = (subject: string): string =>
  `UPDATE gtr_subject_epoch SET epoch = epoch WHERE subject_hash = '${subjectKey(subject)}'`;

describe.skipIf(!postgres.available).each(['repeatable read', 'serializable'])(
  'PostgreSQL with default_transaction_isolation = %s: serialization failures (40001) are tried again',
  (level) => {
    const database = postgresAt(level);
    beforeAll(async () => {
      db = await openDatabase(database);
    });
    afterAll(() => db.close());

    /** Runs `work`, which the commit of another transaction with this statement overtakes. */
    async function overtaken<T>(statement: string, work: () => Promise<T>): Promise<T> {
      const { dataSource } = db;
      const holder = await begin(dataSource);
      await holder.query(statement);
      const result = work();
      result.catch(() => {}); // reported below
      await untilBlocked(dataSource, database);
      await holder.commitTransaction();
      return result;
    }

    test('a revocation takes effect once', async () => {
      const epoch = await db.epochs.epochForSignIn('alice');
      const { retries } = db.deadline.use;
      const id = await overtaken(touchEpoch('alice'), () => db.revoke('alice'));
      expect(db.deadline.use.retries).toBeGreaterThan(retries);
      expect(await db.dataSource.manager.find(Revocation)).toMatchObject([{ id, subject: 'alice' }]);
      expect(await db.epochs.isCurrent('alice', epoch)).toBe(false);
    });

    test('12 revocations of one user at once leave 12 records', async () => {
      // Who calls tries again too when the answer is 503.
      const revoke = async (): Promise<void> => {
        if (!(await db.revoke('bob').catch(() => undefined))) await revoke();
      };
      await Promise.all(Array.from({ length: 12 }, revoke));
      expect(await db.dataSource.manager.countBy(Revocation, { subject: 'bob' })).toBe(12);
    });

    test.each(['upsert', 'consume', 'destroy'] as const)('the adapter: %s of a record', async (call) => {
      const [adapter, id] = [db.adapters('AuthorizationCode'), `to ${call}`];
      const { retries } = db.deadline.use;
      await adapter.upsert(id, { nonce: 'old' }, 60);
      const statement = `UPDATE gtr_oidc_record SET saved_at = saved_at + 1 WHERE id_hash = '${sha256Hex(`AuthorizationCode:${id}`)}'`;
      await overtaken(statement, async () => {
        if (call === 'upsert') await adapter.upsert(id, { nonce: 'new' }, 60);
        else await adapter[call](id);
      });
      expect(db.deadline.use.retries).toBeGreaterThan(retries);
      const found = await adapter.find(id);
      if (call === 'upsert') expect(found).toMatchObject({ nonce: 'new' });
      if (call === 'consume') expect(found).toHaveProperty('consumed');
      if (call === 'destroy') expect(found).toBeUndefined();
    });

    test('of two uses of a code at once, one is accepted', async () => {
      const adapter = db.adapters('AuthorizationCode');
      await adapter.upsert('code', {}, 60);
      const uses = await overtaken(`UPDATE gtr_oidc_record SET saved_at = saved_at + 1`, () =>
        Promise.allSettled([adapter.consume('code'), adapter.consume('code')]),
      );
      expect(uses.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
      expect(uses.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { error: 'invalid_grant' } });
    });

    test('migrate runs each migration once', async () => {
      Count.tries = 0;
      await db.dataSource.query('CREATE TABLE counter AS SELECT 0 AS n');
      const dataSource = await openDataSource({ ...dataSourceOptions(db.url), migrations: [Count] }, 'leave');
      try {
        const begun = once(Count.events, 'begun');
        const migrating = migrate(dataSource);
        await begun;
        const overtake = (): Promise<unknown> => db.dataSource.query('UPDATE counter SET n = n + 10');
        await overtake().catch(overtake); // of two transactions, either can be the one that has to try again
        Count.events.emit('overtaken');
        expect(await migrating).toEqual(['Count9999999999999']);
        expect(await db.dataSource.query('SELECT n FROM counter')).toEqual([{ n: 11 }]);
      } finally {
        await dataSource.destroy();
      }
    });
  },
);

/** A migration that reads before somebody else changes the row, and then changes it: at the first try. */
class Count implements MigrationInterface {
  static readonly events = new EventEmitter();
  readonly name = 'Count9999999999999';
  static tries = 0; // TypeORM 0.3 keeps one instance of a class for all data sources

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('SELECT n FROM counter');
    Count.tries += 1;
    if (Count.tries === 1) {
      const overtaken = once(Count.events, 'overtaken');
      Count.events.emit('begun');
      await overtaken;
    }
    await runner.query('UPDATE counter SET n = n + 1');
  }

  down = (): Promise<void> => Promise.resolve();
}

describe.each([mariadb, postgres].filter(({ available }) => available))('a deadlock ($name)', (database) => {
  test.skipIf(!database.available)(
    'a revocation of two users that is chosen as its victim is tried again',
    async () => {
      db = await openDatabase(database);
      const { dataSource, epochs } = db;
      for (const subject of ['alice', 'bob']) await epochs.epochForSignIn(subject);
      const holder = await begin(dataSource);
      if (database === postgres) await holder.query(`SET LOCAL deadlock_timeout = '1h'`);
      // MariaDB ends the transaction that has changed less.
      else
        for (let i = 0; i < 50; i += 1) await holder.query(`INSERT INTO gtr_subject_epoch VALUES ('${i}', 1, 0, NULL)`);
      await holder.query(touchEpoch('bob'));

      // Who completes the circle notices it: that has to be the revocation.
      const raise = epochs.raise.bind(epochs);
      let held: Promise<unknown> | undefined;
      epochs.raise = async (manager, subject) => {
        if (subject === 'bob' && held === undefined) {
          held = holder.query(touchEpoch('alice')).then(() => holder.commitTransaction());
          await untilBlocked(dataSource, database);
        }
        return raise(manager, subject);
      };
      const id = await db.revocations.revoke('alice', { actor: 'test', deleted: ['bob'] });
      await held;
      expect(db.deadline.use.retries).toBeGreaterThan(0);
      const records = await dataSource.manager.find(Revocation);
      expect(records.map(({ subject }) => subject).sort()).toEqual(['alice', 'bob']);
      expect(records.map((record) => record.id)).toContain(id);
    },
  );
});
