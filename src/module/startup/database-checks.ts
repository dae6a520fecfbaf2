import type { DataSource } from 'typeorm';
import { onPrimary } from '../database/primary.js';
import { fatal, type Finding } from './finding.js';

/** Checks that the database is a primary and keeps committed transactions. */
export function databaseFindings(dataSource: DataSource, isProduction: boolean): Promise<Finding[]> {
  const durability = (message: string): Finding => ({ check: 'durability', message, isFatal: isProduction });
  return (OF_TYPE[dataSource.options.type] ?? mysqlFindings)(dataSource, durability);
}

const OF_TYPE: Partial<Record<DataSource['options']['type'], typeof mysqlFindings>> = {
  'better-sqlite3': sqliteFindings,
  postgres: postgresFindings,
};

type Durability = (message: string) => Finding;

/** Checks `synchronous`: 2 is FULL, 3 is EXTRA. */
async function sqliteFindings(dataSource: DataSource, durability: Durability): Promise<Finding[]> {
  const row = await firstRow<{ synchronous: number }>(dataSource, 'PRAGMA synchronous');
  if (row.synchronous >= 2) return [];
  return [
    durability(
      'SQLite runs with a synchronous mode in which a power failure can undo a revocation that was answered with 204: set ' +
        "`prepareDatabase: (db) => db.pragma('synchronous = FULL')` in the DataSource",
    ),
  ];
}

interface Variables {
  autocommit: number | string;
  flush: number | string;
  readOnly: number | string;
}

const VARIABLES =
  'SELECT @@autocommit AS autocommit, @@innodb_flush_log_at_trx_commit AS flush, @@global.read_only AS readOnly';

async function mysqlFindings(dataSource: DataSource, durability: Durability): Promise<Finding[]> {
  const { autocommit, flush, readOnly } = await firstRow<Variables>(dataSource, VARIABLES);
  const findings: Finding[] = [];
  // Without autocommit, a pooled connection keeps its first snapshot, in which a revoked token stays alive.
  if (!isOn(autocommit)) {
    findings.push(
      fatal('database', 'the database has autocommit off: set autocommit = 1 for the server or this account'),
    );
  }
  if (isOn(readOnly)) {
    const message =
      'the database is read-only, like a replica, which may not have a revocation yet: connect to the primary ' +
      '(with `replication`: as its `master`)';
    findings.push(fatal('database', message));
  }
  if (Number(flush) !== 1) {
    const message = `innodb_flush_log_at_trx_commit is ${flush}, so a crash can undo a revocation that was answered with 204: set it to 1`;
    findings.push(durability(message));
  }
  return findings;
}

interface Settings {
  commit: string;
  fsync: string;
  readOnly: string;
  isStandby: boolean;
  encoding: string;
}

const SETTINGS = `SELECT current_setting('synchronous_commit') AS commit, current_setting('fsync') AS fsync,
  current_setting('default_transaction_read_only') AS "readOnly", pg_is_in_recovery() AS "isStandby",
  current_setting('server_encoding') AS encoding`;

async function postgresFindings(dataSource: DataSource, durability: Durability): Promise<Finding[]> {
  const { commit, fsync, readOnly, isStandby, encoding } = await firstRow<Settings>(dataSource, SETTINGS);
  const findings: Finding[] = [];
  if (isStandby) {
    const message =
      'the database is a standby, which may not have a revocation yet: connect to the primary (with `replication`: as its `master`)';
    findings.push(fatal('database', message));
  } else if (isOn(readOnly.toUpperCase())) {
    const message = 'default_transaction_read_only is on: set it to off for the server or this account';
    findings.push(fatal('database', message));
  }
  if (encoding !== 'UTF8') {
    const message = `the database has the encoding ${encoding}, which cannot represent every name: create it with ENCODING 'UTF8'`;
    findings.push(fatal('database', message));
  }
  if (commit === 'off' || fsync === 'off') {
    const name = fsync === 'off' ? 'fsync' : 'synchronous_commit';
    const message = `${name} is off, so a crash can undo a revocation that was answered with 204: set it to on`;
    findings.push(durability(message));
  }
  return [...findings, ...(await poolerFindings(dataSource))];
}

/** Checks that PgBouncer does not assign connections per statement, which rules out transactions. */
async function poolerFindings(dataSource: DataSource): Promise<Finding[]> {
  try {
    await onPrimary(dataSource, (manager) => manager.transaction((inside) => inside.query('SELECT 1')));
    return [];
  } catch (error) {
    if (!/statement pooling/i.test(String(error))) throw error;
    const message =
      "PgBouncer runs with pool_mode = statement, which rules out transactions: set pool_mode to 'transaction' or 'session'";
    return [fatal('database', message)];
  }
}

/** Returns whether a variable is on; newer versions of MariaDB have names for degrees of `read_only`. */
const isOn = (value: number | string): boolean => !['0', 'OFF'].includes(String(value));

const firstRow = async <Row>(dataSource: DataSource, sql: string): Promise<Row> => {
  const [row] = await onPrimary(dataSource, (manager) => manager.query<Row[]>(sql));
  return row!;
};
