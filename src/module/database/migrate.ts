import { setTimeout as sleep } from 'node:timers/promises';
import { type DataSource, type Migration, MigrationExecutor, type QueryRunner } from 'typeorm';
import { dataSourceOf } from './data-source-of.js';
import { sha256Hex } from './digest.js';
import { PATIENCE_MS, patiently } from './retry.js';

/** Returns the names of a data source's pending migrations, in order. Changes nothing. @publicApi */
export async function pendingMigrations(dataSource: DataSource): Promise<string[]> {
  return (await new MigrationReader(dataSource).getPendingMigrations()).map(({ name }) => name);
}

/** TypeORM 0.3 creates the table of its migrations when it is asked which of them have run. */
class MigrationReader extends MigrationExecutor {
  protected override createMigrationsTableIfNotExist(): Promise<void> {
    return Promise.resolve();
  }

  protected override async loadExecutedMigrations(runner: QueryRunner): Promise<Migration[]> {
    const isThere = await runner.hasTable(this['migrationsTable'] as string);
    return isThere ? super.loadExecutedMigrations(runner) : [];
  }
}

/**
 * Runs the pending migrations of a data source, including the host's. Safe to run in several processes at once: one
 * runs the migrations, the others wait.
 *
 * @param patienceMs how long to wait for another process, in milliseconds
 * @returns names of the migrations that this call ran
 * @throws Error if a migration fails, or another process takes too long
 * @publicApi
 */
export async function migrate(dataSource: DataSource, patienceMs = PATIENCE_MS): Promise<string[]> {
  if ((await pendingMigrations(dataSource)).length === 0) return [];
  const { type } = dataSource.options;
  const once = async (): Promise<string[]> => {
    const runner = dataSource.createQueryRunner('master');
    try {
      return await (WAYS[type as keyof typeof WAYS] ?? underLock)(runner, patienceMs);
    } finally {
      await runner.release();
    }
  };
  // PostgreSQL leaves nothing of what a serialization failure, a deadlock or a lost connection has ended.
  return type === 'postgres' ? patiently(once, patienceMs) : once();
}

const execute = async (runner: QueryRunner): Promise<string[]> =>
  (await new MigrationExecutor(quiet(dataSourceOf(runner)), runner).executePendingMigrations()).map(({ name }) => name);

/** Stops TypeORM from printing errors to standard output, where they would corrupt the output of a command. */
function quiet(dataSource: DataSource): DataSource {
  const logger = Object.create(dataSource.logger, { logMigration: { value: () => {} } }) as DataSource['logger'];
  return Object.create(dataSource, { logger: { value: logger } }) as DataSource;
}

/** SQLite: one transaction holds the write lock. */
async function inOneTransaction(runner: QueryRunner, patienceMs: number): Promise<string[]> {
  await runner.beforeMigration(); // suspends foreign keys while tables are rebuilt; not possible inside a transaction
  try {
    await patiently(() => runner.startTransaction(), patienceMs);
    const ran = await execute(runner);
    await runner.commitTransaction();
    return ran;
  } catch (error) {
    if (runner.isTransactionActive) await runner.rollbackTransaction();
    throw error;
  } finally {
    await runner.afterMigration();
  }
}

/** MySQL and MariaDB change schemas outside transactions; a lock of the connection excludes other processes. */
async function underLock(runner: QueryRunner, patienceMs: number): Promise<string[]> {
  const [database] = (await runner.query('SELECT DATABASE() AS name')) as [{ name: string }];
  const lock = `gtr_migrate_${sha256Hex(database.name).slice(0, 40)}`; // lock names are global to the server
  const [row] = (await runner.query('SELECT GET_LOCK(?, ?) AS taken', [lock, patienceMs / 1000])) as [
    { taken: string | number | null },
  ];
  if (Number(row.taken) !== 1) throw tooLong(patienceMs);
  try {
    return await execute(runner);
  } finally {
    await runner.query('DO RELEASE_LOCK(?)', [lock]);
  }
}

/** Pause between two tries for an advisory lock, in milliseconds. */
const PAUSE_MS = 50;
const LOCK = `hashtextextended('gtr_migrate', 0)`;

/** PostgreSQL: an advisory lock of the connection, because the host's migrations manage their own transactions. */
async function underAdvisoryLock(runner: QueryRunner, patienceMs: number): Promise<string[]> {
  for (const late = performance.now() + patienceMs; ; await sleep(PAUSE_MS)) {
    const [row] = (await runner.query(`SELECT pg_try_advisory_lock(${LOCK}) AS taken`)) as [{ taken: boolean }];
    if (row.taken) break;
    if (performance.now() > late) throw tooLong(patienceMs);
  }
  try {
    await runner.query('SET statement_timeout = 0'); // creating an index on a large table takes long
    return await execute(runner);
  } finally {
    await runner.query('RESET statement_timeout');
    await runner.query(`SELECT pg_advisory_unlock(${LOCK})`);
  }
}

const WAYS = { 'better-sqlite3': inOneTransaction, postgres: underAdvisoryLock };

const tooLong = (patienceMs: number): Error =>
  new Error(
    `another process has been migrating this database for ${patienceMs / 1000} s: check whether it is still running`,
  );
