import type { QueryRunner, Table, TableColumnOptions } from 'typeorm';
import { dataSourceOf } from '../database/data-source-of.js';
import { isMysql } from '../database/sql-dialect.js';

type Column = TableColumnOptions;
type More = Partial<Omit<Column, 'name' | 'type'>>;

/** Lower-case hex SHA-256. */
export const hash = (name: string, more: More = {}): Column => ({ name, type: 'varchar', length: '64', ...more });
export const text = (name: string, length = 255, more: More = {}): Column => ({
  name,
  type: 'varchar',
  length: String(length),
  ...more,
});
/** UTC epoch milliseconds, or an epoch. */
export const bigint = (name: string, more: More = {}): Column => ({ name, type: 'bigint', ...more });
/** `integer`, not `int`, because TypeORM treats them as different types on SQLite. */
export const int = (name: string, more: More = {}): Column => ({ name, type: 'integer', ...more });
/** Text of any length. */
export const longText = (name: string, more: More = {}): Column => ({ name, type: 'text', ...more });

/** Character set and collation of all our text columns: any character, compared by bytes, whatever the default is. */
const CHARSET = { charset: 'utf8mb4', collation: 'utf8mb4_bin' } as const;

/** Creates a table that does not depend on the database's default character set and collation. */
export async function createTable(runner: QueryRunner, table: Table): Promise<void> {
  const hasCharsets = isMysql(dataSourceOf(runner));
  const texts = table.columns.filter(({ type }) => type === 'varchar' || type === 'text');
  if (hasCharsets) for (const column of texts) Object.assign(column, CHARSET);
  await runner.createTable(table);
  if (!hasCharsets) return;
  const { charset, collation } = CHARSET;
  await runner.query(`ALTER TABLE ${table.name} DEFAULT CHARACTER SET ${charset} COLLATE ${collation}`);
}
