import { closeSync, existsSync, mkdirSync, openSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { coreEntities, coreMigrations, gateSqlite, migrate, pendingMigrations } from 'nestjs-global-revocation';
import { oidcProviderEntities, oidcProviderMigrations } from 'nestjs-global-revocation/administration';
import { sharedSignalsEntities, sharedSignalsMigrations } from 'nestjs-global-revocation/shared-signals';
import { connectionOf, postgresConnectionOf } from './database-url.js';
import { opEntities, opMigrations } from './entities.js';
import { endIdleTransactions, IDLE_SECONDS } from './idle-transactions.js';

const schema = {
  entities: [...coreEntities, ...oidcProviderEntities, ...sharedSignalsEntities, ...opEntities],
  migrations: [...coreMigrations, ...oidcProviderMigrations, ...sharedSignalsMigrations, ...opMigrations],
  migrationsTableName: 'op_migration',
};

/**
 * How long a statement waits for the lock of another process on the SQLite file, in milliseconds. The driver is synchronous,
 * so the whole server waits. `DatabaseDeadline` retries.
 */
const SQLITE_BUSY_MS = 50;

/** Maximum number of connections per node. */
const POOL = 20;

/** Time limit of a statement, in milliseconds. */
const STATEMENT_MS = 30_000;

/** @param url `sqlite:PATH`, `postgres://…`, `mariadb://…` or `mysql://…` */
export function dataSourceOptions(url: string): DataSourceOptions {
  if (url.startsWith('sqlite:')) {
    const database = url.slice('sqlite:'.length);
    mkdirSync(dirname(database), { recursive: true });
    // Only this account may read it; SQLite creates its other files with the same mode.
    if (database !== ':memory:' && !existsSync(database)) closeSync(openSync(database, 'a', 0o600));
    return {
      ...schema,
      type: 'better-sqlite3',
      driver: loadLibsql(),
      database,
      enableWAL: true,
      prepareDatabase: (connection: { pragma(text: string): unknown }) => void connection.pragma('synchronous = FULL'),
    };
  }
  if (/^postgres(ql)?:/.test(url)) {
    const { schema: name, ...connection } = postgresConnectionOf(url);
    return {
      ...schema,
      type: 'postgres',
      ...connection,
      ...(name !== undefined && { schema: name }),
      installExtensions: false,
      uuidExtension: 'pgcrypto', // gen_random_uuid(), which needs no extension
      poolSize: POOL,
      connectTimeoutMS: 5000,
      extra: {
        statement_timeout: STATEMENT_MS,
        idle_in_transaction_session_timeout: IDLE_SECONDS * 1000,
        keepAlive: true,
      },
    };
  }
  return {
    ...schema,
    type: url.startsWith('mysql:') ? 'mysql' : 'mariadb',
    ...connectionOf(url),
    timezone: 'Z',
    charset: 'utf8mb4',
    poolSize: POOL,
    connectTimeout: 5000,
  };
}

/** Loads the driver of SQLite, which only needs to be installed if it is used. */
const loadLibsql = (): unknown => createRequire(import.meta.url)('libsql');

/** What to do about pending migrations: run them, refuse to open the database, or leave them pending. */
export type Pending = 'run' | 'refuse' | 'leave';

/**
 * Opens the database.
 *
 * @throws Error if migrations are pending and `pending` is `refuse`
 */
export async function openDataSource(options: DataSourceOptions, pending: Pending = 'run'): Promise<DataSource> {
  const dataSource = await gateSqlite(new DataSource(options)).initialize();
  try {
    if (dataSource.options.type === 'better-sqlite3') await shortenWaits(dataSource);
    else if (dataSource.options.type !== 'postgres') await endIdleTransactions(dataSource);
    if (pending === 'run') await migrate(dataSource);
    if (pending === 'refuse') await refusePending(dataSource);
    return dataSource;
  } catch (error) {
    await dataSource.destroy();
    throw error;
  }
}

const shortenWaits = (dataSource: DataSource): Promise<unknown> =>
  dataSource.query(`PRAGMA busy_timeout = ${SQLITE_BUSY_MS}`);

async function refusePending(dataSource: DataSource): Promise<void> {
  const names = await pendingMigrations(dataSource);
  if (names.length === 0) return;
  throw new Error(
    `migrations are pending (${names.join(', ')}): run \`node src/reference-op/dist/ctl.js migrate\`, then start`,
  );
}
