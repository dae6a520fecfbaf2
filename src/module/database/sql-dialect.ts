import type { DataSource, EntityManager } from 'typeorm';
import { dataSourceOf } from './data-source-of.js';

/** Expressions that differ between databases. */
export interface SqlDialect {
  /** Current time of the database in UTC epoch milliseconds. */
  readonly now: string;
  readonly greatest: (a: string, b: string) => string;
  readonly least: (a: string, b: string) => string;
  /** Equality where NULL equals NULL. */
  readonly same: (a: string, b: string) => string;
  /** Value of the conflicting insert. */
  readonly incoming: (column: string) => string;
  /** End of an INSERT that updates the row with the same key instead. MySQL runs assignments from left to right. */
  readonly onConflict: (key: string, assignments: readonly string[]) => string;
  /** UTF-8 bytes of a value as upper-case hex, so that the comparison is exact under every collation. */
  readonly bytes: (value: string) => string;
  readonly asText: (value: string) => string;
  readonly asInteger: (value: string, isUnsigned: boolean) => string;
  readonly asDatetime: (value: string) => string;
  /** Restricts a statement, and its locks, to the rows whose primary keys it names. */
  readonly byPrimaryKey: string;
  readonly deleteFrom: (table: string, alias: string) => string;
  /** Locks the rows that are read and skips rows locked by others; empty if no locks are needed. */
  readonly lockFree: string;
  /** How a transaction changes every row of a table, those of open transactions included, as long as nobody adds more. */
  readonly everyRow: { isolation?: 'READ COMMITTED' | 'REPEATABLE READ'; lock?: (table: string) => string };
  /** Isolation level at which rows are locked without the gaps beside them, if it is not the default. */
  readonly gapless?: 'READ COMMITTED';
  /** How a transaction that several requests share waits only for a moment for what others hold. */
  readonly hasty: {
    /** Statement at its beginning. */
    begin?: string;
    /** Statements before it and after it, on its connection, which the host uses too. */
    around?: readonly [before: string, after: string];
    /** Takes the rows with these keys, in their order; missing ones are no error. */
    take?: (table: string, key: string, marks: string) => string;
  };
  /** Whether a parameter that does not fit the type of its column fails the statement and its transaction. */
  readonly isStrict: boolean;
}

const mysql: SqlDialect = {
  // UTC on purpose: UNIX_TIMESTAMP(NOW(3)) passes through local time and jumps an hour back each autumn.
  now: `TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(3)) DIV 1000`,
  greatest: (a, b) => `GREATEST(${a}, ${b})`,
  least: (a, b) => `LEAST(${a}, ${b})`,
  same: (a, b) => `${a} <=> ${b}`,
  incoming: (column) => `VALUES(${column})`,
  onConflict: (_key, assignments) => `ON DUPLICATE KEY UPDATE ${assignments.join(', ')}`,
  bytes: (value) => `HEX(CONVERT(${value} USING utf8mb4))`,
  asText: (value) => `CAST(${value} AS CHAR)`,
  asInteger: (value, isUnsigned) => `CAST(${value} AS ${isUnsigned ? 'UNSIGNED' : 'SIGNED'})`,
  asDatetime: (value) => `CAST(${value} AS DATETIME(6))`,
  byPrimaryKey: ' FORCE INDEX (PRIMARY)',
  deleteFrom: (table, alias) => `DELETE ${alias} FROM ${table} ${alias} FORCE INDEX (PRIMARY)`,
  lockFree: ' FOR UPDATE SKIP LOCKED',
  // Only at this level, its UPDATE waits for rows that are not committed, and keeps others from adding some.
  everyRow: { isolation: 'REPEATABLE READ' },
  // At a higher level, a missing row locks the gap that it would be in, and so does a row that comes to begin a page.
  gapless: 'READ COMMITTED',
  hasty: {
    // For what NOWAIT does not see: a gap that is locked, or a row that is added between two statements. In seconds.
    around: [
      'SET @gtr_wait = @@SESSION.innodb_lock_wait_timeout, @@SESSION.innodb_lock_wait_timeout = 1',
      'SET @@SESSION.innodb_lock_wait_timeout = @gtr_wait',
    ],
    take: (table, key, marks) =>
      `SELECT ${key} FROM ${table} FORCE INDEX (PRIMARY) WHERE ${key} IN (${marks}) ORDER BY ${key} FOR UPDATE NOWAIT`,
  },
  isStrict: false,
};

const sqlite: SqlDialect = {
  now: `CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)`,
  greatest: (a, b) => `MAX(${a}, ${b})`,
  least: (a, b) => `MIN(${a}, ${b})`,
  same: (a, b) => `${a} IS ${b}`,
  incoming: (column) => `excluded.${column}`,
  onConflict: (key, assignments) => `ON CONFLICT(${key}) DO UPDATE SET ${assignments.join(', ')}`,
  bytes: (value) => `HEX(CAST(${value} AS TEXT))`,
  asText: (value) => `CAST(${value} AS TEXT)`,
  asInteger: (value) => `CAST(${value} AS INTEGER)`,
  asDatetime: (value) => value,
  byPrimaryKey: '',
  deleteFrom: (table, alias) => `DELETE FROM ${table} AS ${alias}`,
  lockFree: '',
  everyRow: {}, // it has one writer at a time
  hasty: {},
  isStrict: false,
};

const postgres: SqlDialect = {
  // `now()` would be the start of the transaction, which may have waited.
  now: 'CAST(FLOOR(EXTRACT(EPOCH FROM clock_timestamp()) * 1000) AS BIGINT)',
  greatest: (a, b) => `GREATEST(${a}, ${b})`,
  least: (a, b) => `LEAST(${a}, ${b})`,
  same: (a, b) => `${a} IS NOT DISTINCT FROM ${b}`,
  incoming: sqlite.incoming,
  onConflict: sqlite.onConflict,
  bytes: (value) => `UPPER(ENCODE(CONVERT_TO(CAST(${value} AS TEXT), 'UTF8'), 'hex'))`,
  asText: (value) => `CAST(${value} AS TEXT)`,
  // A parameter has the type of the column it is compared with.
  asInteger: (value) => value,
  asDatetime: (value) => value,
  byPrimaryKey: '',
  deleteFrom: sqlite.deleteFrom,
  lockFree: mysql.lockFree,
  everyRow: { isolation: 'READ COMMITTED', lock: (table) => `LOCK TABLE ${table} IN SHARE ROW EXCLUSIVE MODE` },
  // FOR UPDATE NOWAIT would not see a row that another transaction is adding.
  hasty: { begin: 'SET LOCAL lock_timeout = 50' },
  isStrict: true,
};

const dialects: Partial<Record<DataSource['options']['type'], SqlDialect>> = {
  mysql,
  mariadb: mysql,
  'better-sqlite3': sqlite,
  postgres,
};

/** @throws Error if the type of the data source is not supported */
export function sqlDialect(dataSource: DataSource): SqlDialect {
  const { type } = dataSource.options;
  const dialect = dialects[type];
  if (!dialect)
    throw new Error(
      `GlobalRevocationModule: database type '${type}' is not supported; the \`type\` of the DataSource can be ${Object.keys(dialects).join(', ')}`,
    );
  return dialect;
}

export const isMysql = ({ options }: DataSource): boolean => dialects[options.type] === mysql;

export const isSqlite = ({ options }: DataSource): boolean => options.type === 'better-sqlite3';

export const isPostgres = ({ options }: DataSource): boolean => options.type === 'postgres';

/** SQLite has only one writing transaction at a time, and no such clause. */
const locking = <const Lock>(manager: EntityManager, lock: Lock): { lock?: Lock } =>
  isSqlite(dataSourceOf(manager)) ? {} : { lock };

/** Returns find options that lock the rows that are read until the transaction ends. @publicApi */
export const forUpdate = (manager: EntityManager): { lock?: { mode: 'pessimistic_write' } } =>
  locking(manager, { mode: 'pessimistic_write' });

/** Like {@link forUpdate}, but rows that another transaction has locked are not found. */
export const forUpdateOfFree = (manager: EntityManager) =>
  locking(manager, { mode: 'pessimistic_write', onLocked: 'skip_locked' });

/** Returns find options that let others read the rows, but not change them, until the transaction ends. */
export const forShare = (manager: EntityManager) => locking(manager, { mode: 'pessimistic_read' });
