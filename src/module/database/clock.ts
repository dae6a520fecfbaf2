import type { DataSource } from 'typeorm';
import { onPrimary } from './primary.js';
import { rowsOf } from './statement.js';
import { sqlDialect } from './sql-dialect.js';

/** Returns how many milliseconds this process is ahead of the database clock; negative if it is behind. @publicApi */
export async function clockLead(dataSource: DataSource): Promise<number> {
  const before = Date.now();
  const sql = `SELECT ${sqlDialect(dataSource).now} AS now`;
  const [row] = await onPrimary(dataSource, (manager) => rowsOf<{ now: string | number }>(manager, sql));
  return (before + Date.now()) / 2 - Number(row!.now);
}
