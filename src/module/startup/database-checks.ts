import type { DataSource } from 'typeorm';
import { onPrimary } from '../database/primary.js';
import { fatal, type Finding } from './finding.js';

/** Whether the database keeps what it has promised, and answers for itself. */
export function databaseFindings(dataSource: DataSource, isProduction: boolean): Promise<Finding[]> {
  const durability = (message: string): Finding => ({ check: 'durability', message, isFatal: isProduction });
  return dataSource.options.type === 'better-sqlite3'
    ? sqliteFindings(dataSource, durability)
    : mysqlFindings(dataSource, durability);
}

type Durability = (message: string) => Finding;

/** `synchronous`: 2 FULL, 3 EXTRA. */
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
  // Without autocommit a pooled identity provider keeps its first snapshot, and a revoked token stays alive in it.
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
    const message = `innodb_flush_log_at_trx_commit is ${flush}, so that a crash can undo a revocation that was answered with 204: set it to 1`;
    findings.push(durability(message));
  }
  return findings;
}

/** Newer servers of MariaDB have names for degrees of `read_only`. */
const isOn = (value: number | string): boolean => !['0', 'OFF'].includes(String(value));

const firstRow = async <Row>(dataSource: DataSource, sql: string): Promise<Row> => {
  const [row] = await onPrimary(dataSource, (manager) => manager.query<Row[]>(sql));
  return row!;
};
