import type { DataSource } from 'typeorm';

/** The few expressions that differ between the databases, so that every statement is written once. */
export interface SqlDialect {
  /** Current time of the database, UTC epoch milliseconds. */
  readonly now: string;
  readonly greatest: (a: string, b: string) => string;
  readonly least: (a: string, b: string) => string;
  /** Equality in which NULL equals NULL. */
  readonly same: (a: string, b: string) => string;
  /** The value a conflicting insert brought. */
  readonly incoming: (column: string) => string;
  /** Tail of an INSERT that updates the row with the same key instead. Assignments run left to right on MySQL. */
  readonly onConflict: (key: string, assignments: readonly string[]) => string;
}

const mysql: SqlDialect = {
  // UTC on purpose: UNIX_TIMESTAMP(NOW(3)) passes through local time and jumps an hour back each autumn.
  now: `TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(3)) DIV 1000`,
  greatest: (a, b) => `GREATEST(${a}, ${b})`,
  least: (a, b) => `LEAST(${a}, ${b})`,
  same: (a, b) => `${a} <=> ${b}`,
  incoming: (column) => `VALUES(${column})`,
  onConflict: (_key, assignments) => `ON DUPLICATE KEY UPDATE ${assignments.join(', ')}`,
};

const sqlite: SqlDialect = {
  now: `CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)`,
  greatest: (a, b) => `MAX(${a}, ${b})`,
  least: (a, b) => `MIN(${a}, ${b})`,
  same: (a, b) => `${a} IS ${b}`,
  incoming: (column) => `excluded.${column}`,
  onConflict: (key, assignments) => `ON CONFLICT(${key}) DO UPDATE SET ${assignments.join(', ')}`,
};

const dialects: Partial<Record<DataSource['options']['type'], SqlDialect>> = {
  mysql,
  mariadb: mysql,
  'better-sqlite3': sqlite,
};

/**
 * @throws Error when the data source is of a type this package does not support.
 */
export function sqlDialect(dataSource: DataSource): SqlDialect {
  const { type } = dataSource.options;
  const dialect = dialects[type];
  if (!dialect) throw new Error(`database type '${type}' is not supported; use ${Object.keys(dialects).join(', ')}`);
  return dialect;
}
