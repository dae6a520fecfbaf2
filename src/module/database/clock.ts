import type { DataSource, EntityManager } from 'typeorm';
import { dataSourceOf } from './data-source-of.js';
import { onPrimary } from './primary.js';
import { rowsOf } from './statement.js';
import { sqlDialect } from './sql-dialect.js';

/** Returns how many milliseconds this process is ahead of the database clock; negative if it is behind. @publicApi */
export async function clockLead(dataSource: DataSource): Promise<number> {
  const before = Date.now();
  const now = await onPrimary(dataSource, databaseTime);
  return (before + Date.now()) / 2 - now;
}

/** Returns the time of the database clock, UTC epoch milliseconds. */
export async function databaseTime(manager: EntityManager): Promise<number> {
  const sql = `SELECT ${sqlDialect(dataSourceOf(manager)).now} AS now`;
  const [row] = await rowsOf<{ now: string | number }>(manager, sql);
  return Number(row!.now);
}
