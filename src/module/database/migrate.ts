import { type DataSource, MigrationExecutor, type QueryRunner } from 'typeorm';
import { sha256Hex } from './digest.js';
import { PATIENCE_MS, patiently } from './retry.js';

/** Names of the migrations of a data source that have not run, in order. Changes nothing. @publicApi */
export async function pendingMigrations(dataSource: DataSource): Promise<string[]> {
  return (await new MigrationExecutor(dataSource).getPendingMigrations()).map(({ name }) => name);
}

/**
 * Runs the pending migrations of a data source, its host's included. Several processes may do so at once: one runs them,
 * the others wait for it and find nothing to do.
 *
 * @param patienceMs how long to wait for another process, in milliseconds
 * @returns names of those that this call has run
 * @throws Error when a migration fails, or another process is at it for too long
 * @publicApi
 */
export async function migrate(dataSource: DataSource, patienceMs = PATIENCE_MS): Promise<string[]> {
  if ((await pendingMigrations(dataSource)).length === 0) return [];
  const runner = dataSource.createQueryRunner('master');
  try {
    return await (dataSource.options.type === 'better-sqlite3' ? inOneTransaction : underLock)(runner, patienceMs);
  } finally {
    await runner.release();
  }
}

const execute = async (runner: QueryRunner): Promise<string[]> =>
  (await new MigrationExecutor(quiet(runner.dataSource), runner).executePendingMigrations()).map(({ name }) => name);

/** TypeORM prints what fails to standard output beside throwing it; there it would be in the middle of an answer. */
function quiet(dataSource: DataSource): DataSource {
  const logger = Object.create(dataSource.logger, { logMigration: { value: () => {} } }) as DataSource['logger'];
  return Object.create(dataSource, { logger: { value: logger } }) as DataSource;
}

/** SQLite: the write lock keeps others out, and nothing is half done. */
async function inOneTransaction(runner: QueryRunner, patienceMs: number): Promise<string[]> {
  await runner.beforeMigration(); // foreign keys are not enforced while tables are made anew: not settable later
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

/** MySQL and MariaDB, where a schema is changed outside of transactions: the lock goes with the connection. */
async function underLock(runner: QueryRunner, patienceMs: number): Promise<string[]> {
  const [database] = (await runner.query('SELECT DATABASE() AS name')) as [{ name: string }];
  const lock = `gtr_migrate_${sha256Hex(database.name).slice(0, 40)}`; // names are those of the whole server
  const [row] = (await runner.query('SELECT GET_LOCK(?, ?) AS taken', [lock, patienceMs / 1000])) as [
    { taken: string | number | null },
  ];
  if (Number(row.taken) !== 1) {
    throw new Error(
      `another process has been migrating this database for ${patienceMs / 1000} s: see whether it still runs`,
    );
  }
  try {
    return await execute(runner);
  } finally {
    await runner.query('DO RELEASE_LOCK(?)', [lock]);
  }
}
