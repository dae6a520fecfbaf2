import type { EntityManager } from 'typeorm';
import { dataSourceOf } from './data-source-of.js';

/** Quoted text, a name of one of our tables, or the mark of a parameter. */
const PARTS = /'(?:[^']|'')*'|"(?:[^"]|"")*"|\bgtr_[a-z_]+\b|\?/g;

const written = new Map<string, string>();

/** Maximum number of cached statements. */
const KEPT = 500;

/** Rows of a statement and how many it changed. */
export interface Answer<Row> {
  records: Row[];
  affected?: number | undefined;
}

/** Runs one of our statements, with `?` for each parameter, in the syntax of its database. */
export async function run<Row>(
  manager: EntityManager,
  sql: string,
  parameters: readonly unknown[] = [],
): Promise<Answer<Row>> {
  const { options } = dataSourceOf(manager);
  const own = options.type === 'postgres' ? postgresStatement(sql, options.schema) : sql;
  return (await manager.queryRunner!.query(own, [...parameters], true)) as Answer<Row>;
}

/** Runs one of our statements and returns its rows. @param numbers columns of numbers, which drivers may return as text */
export async function rowsOf<Row>(
  manager: EntityManager,
  sql: string,
  parameters?: readonly unknown[],
  numbers: ReadonlyArray<keyof Row> = [],
): Promise<Row[]> {
  const { records } = await run<Record<keyof Row, unknown>>(manager, sql, parameters);
  for (const name of numbers) for (const row of records) if (row[name] !== null) row[name] = Number(row[name]);
  return records as Row[];
}

/** Runs one of our statements and returns the column `id` of its rows. */
export const idsOf = async (manager: EntityManager, sql: string, parameters?: readonly unknown[]): Promise<string[]> =>
  (await rowsOf<{ id: string }>(manager, sql, parameters)).map(({ id }) => id);

/** Returns a `?` for each value, as in `IN (?, ?)`. */
export const marks = (values: readonly unknown[]): string => values.map(() => '?').join(', ');

/** Numbers the parameters for PostgreSQL, and adds the configured schema to the names of our tables. */
function postgresStatement(sql: string, schema = ''): string {
  const key = `${schema} ${sql}`;
  const known = written.get(key);
  if (known !== undefined) return known;
  let number = 0;
  const text = sql.replace(PARTS, (part) => {
    if (part === '?') return `$${(number += 1)}`;
    return part.startsWith('gtr_') && schema !== '' ? `"${schema.replaceAll('"', '""')}".${part}` : part;
  });
  if (written.size === KEPT) written.clear();
  written.set(key, text);
  return text;
}
