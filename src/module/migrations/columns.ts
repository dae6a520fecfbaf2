import type { TableColumnOptions } from 'typeorm';

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
