import type { DataSource, Table } from 'typeorm';
import { onPrimary } from '../database/primary.js';
import { isMysql } from '../database/sql-dialect.js';
import type { HostTargetPlan } from '../revocation/targets/host-target-plan.js';
import { fatal, type Finding } from './finding.js';

/** What makes revocation targets fail, or slow, as the database has them: an entity may say more than its table. */
export async function targetFindings(dataSource: DataSource, plans: readonly HostTargetPlan[]): Promise<Finding[]> {
  const findings = await Promise.all(plans.map((plan) => findingsOf(dataSource, plan)));
  return findings.flat();
}

/** Where nobody sweeps, only the first batch ever ends. @param sweepIntervalMs the option of that name */
export function unsweptTargets(plans: readonly HostTargetPlan[], sweepIntervalMs: number): Finding[] {
  const withoutEpoch = plans.filter(({ cut }) => cut.by === 'order').map(({ table }) => table.path);
  if (sweepIntervalMs !== 0 || withoutEpoch.length === 0) return [];
  const message = `rows in ${withoutEpoch.join(', ')} that the first batch does not end stay live until a process sweeps, and this process never does: set \`sweepIntervalMs\` in one process, or leave it out`;
  return [{ check: 'targets', message, isFatal: false }];
}

async function findingsOf(dataSource: DataSource, plan: HostTargetPlan): Promise<Finding[]> {
  const { path } = plan.table;
  const table = await onPrimary(dataSource, ({ queryRunner }) => queryRunner!.getTable(path));
  if (!table) return [fatal('targets', `the table ${path} is not in the database: run your migrations`)];
  const missing = columnsOf(plan).filter((name) => !table.findColumnByName(name));
  if (missing.length > 0) {
    return [fatal('targets', `the table ${path} has no column ${missing.join(', ')}: run your migrations`)];
  }
  const advice = [
    await indexAdvice(dataSource, plan, table),
    await keyAdvice(dataSource, plan),
    clockAdvice(dataSource, plan, table),
  ];
  return advice
    .filter((message) => message !== undefined)
    .map((message) => ({ check: 'targets', message, isFatal: false }));
}

/** Every column that a revocation reads or writes. */
const columnsOf = ({ table, user, cut, set = [] }: HostTargetPlan): string[] => {
  const columns = [...table.primaryColumns, user, cut.column, ...set.map(({ column }) => column)];
  return [...new Set(columns.map(({ databaseName }) => databaseName))];
};

async function indexAdvice(dataSource: DataSource, plan: HostTargetPlan, table: Table): Promise<string | undefined> {
  const wanted = [plan.user.databaseName, ...(needsOrder(dataSource, plan) ? [plan.cut.column.databaseName] : [])];
  const has = [...indexesOf(dataSource, table), ...(await postgresIndexes(dataSource, plan))];
  const reaches = (columns: readonly string[]): boolean =>
    has.some((index) => columns.every((column, i) => index[i] === column));
  if (reaches(wanted)) return undefined;
  const what = reaches(wanted.slice(0, 1)) ? 'all rows of its user' : 'the whole table';
  const { sql } = plan.table;
  const columns = wanted.map((name) => dataSource.driver.escape(name)).join(', ');
  const name = dataSource.driver.escape([plan.table.metadata.tableName, ...wanted].join('_').slice(0, 64));
  return `each revocation reads ${what} in ${plan.table.path}: CREATE INDEX ${name} ON ${sql} (${columns})`;
}

/** An index ends with the primary key anyway: every one of InnoDB, on SQLite when the key is the row's number, not on PostgreSQL. */
function needsOrder(dataSource: DataSource, { table, cut }: HostTargetPlan): boolean {
  if (cut.by === 'epoch') return false;
  const isKey = cut.column.isPrimary && table.primaryColumns.length === 1;
  return !isKey || !(isSqlite(dataSource) ? table.kindOf(cut.column) === 'integer' : isMysql(dataSource));
}

/** Columns of each index, in their order. MySQL makes one for each foreign key, and does not list it as an index. */
const indexesOf = (dataSource: DataSource, table: Table): string[][] => [
  table.primaryColumns.map(({ name }) => name),
  ...(isPostgres(dataSource) ? [] : [...table.indices, ...table.uniques].map(({ columnNames }) => columnNames)),
  ...(!isMysql(dataSource) ? [] : table.foreignKeys.map(({ columnNames }) => columnNames)),
];

/** TypeORM reads the columns of a PostgreSQL index in the order of the table, not in that of the index. */
async function postgresIndexes(dataSource: DataSource, { table }: HostTargetPlan): Promise<string[][]> {
  if (!isPostgres(dataSource)) return [];
  const sql = `SELECT array_agg(a.attname::text ORDER BY k.place) AS columns
    FROM pg_index i CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY AS k (number, place)
    JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number
    WHERE i.indrelid = to_regclass($1) AND i.indpred IS NULL AND i.indisvalid GROUP BY i.indexrelid`;
  const rows = await onPrimary(dataSource, (manager) => manager.query<Array<{ columns: string[] }>>(sql, [table.sql]));
  return rows.map(({ columns }) => columns);
}

/** Without AUTOINCREMENT, SQLite gives the numbers of deleted rows to new ones. */
async function keyAdvice(dataSource: DataSource, { table, cut }: HostTargetPlan): Promise<string | undefined> {
  if (!isSqlite(dataSource) || cut.by === 'epoch' || cut.column.generationStrategy !== 'increment') return undefined;
  const sql = `SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?`;
  const [row] = await onPrimary(dataSource, (manager) =>
    manager.query<Array<{ sql: string }>>(sql, [table.metadata.tableName]),
  );
  if (/\bAUTOINCREMENT\b/i.test(row?.sql ?? '')) return undefined;
  return `${table.path} gives new rows the keys of deleted rows: make its key AUTOINCREMENT, or set orderColumn`;
}

/** What databases read the time with, by itself to the second. */
const NOW = /\bnow\b|current_timestamp|unixepoch/i;
/** What makes SQLite's functions tell more than the second. */
const FRACTION = /%f|subsec/i;

/** Of what is made within one second, whole seconds do not tell what was made before a revocation. */
function clockAdvice(dataSource: DataSource, { table, cut }: HostTargetPlan, made: Table): string | undefined {
  if (cut.by === 'epoch') return undefined;
  const { propertyName, databaseName } = cut.column;
  const column = made.findColumnByName(databaseName)!;
  const byDefault = String(column.default);
  const isCoarse = isSqlite(dataSource)
    ? NOW.test(byDefault) && !FRACTION.test(byDefault)
    : table.kindOf(cut.column) === 'datetime' && (column.precision ?? (isMysql(dataSource) ? 0 : 6)) < 3;
  if (!isCoarse) return undefined;
  const what = `orderColumn '${propertyName}' of ${table.path}`;
  const finer = isSqlite(dataSource)
    ? 'leave out the default of the database and let your code set the time, `new Date()`'
    : 'give it `precision: 6`';
  return `${what} has a precision of one second, so that a sign-in in the second of a revocation ends too: use a key that increases, or ${finer}`;
}

const isSqlite = ({ options }: DataSource): boolean => options.type === 'better-sqlite3';
const isPostgres = ({ options }: DataSource): boolean => options.type === 'postgres';
