import { type DataSource, IsNull, MoreThan, type Table } from 'typeorm';
import { onPrimary } from '../database/primary.js';
import { isMysql, isPostgres, isSqlite } from '../database/sql-dialect.js';
import type { HostTargetPlan } from '../revocation/targets/host-target-plan.js';
import { Revocation } from '../revocation/revocation.entity.js';
import { boundsOf, foreignNames } from '../revocation/targets/bounds.js';
import { fatal, type Finding, warning } from './finding.js';
import { unlessMissing } from './missing-schema.js';

const DAY_MS = 86_400_000;

/** Checks the tables of revocation targets in the database, which may differ from their entities. */
export async function targetFindings(dataSource: DataSource, plans: readonly HostTargetPlan[]): Promise<Finding[]> {
  const findings = await Promise.all(plans.map((plan) => findingsOf(dataSource, plan)));
  return findings.flat();
}

/** Tables that only other processes declare. They have to finish what this one begins. @param names of our targets */
export async function foreignTargets(dataSource: DataSource, names: readonly string[]): Promise<Finding[]> {
  if (!dataSource.hasMetadata(Revocation)) return []; // another check's finding
  const where = [{ completedAt: IsNull() }, { createdAt: MoreThan(Date.now() - DAY_MS) }];
  const options = { select: { id: true, targetBounds: true }, where, order: { createdAt: 'DESC' }, take: 100 } as const;
  const records = await unlessMissing(onPrimary(dataSource, (manager) => manager.find(Revocation, options)));
  const foreign = new Set(records?.flatMap((record) => foreignNames(boundsOf(record), names)));
  if (foreign.size === 0) return [];
  const what = `other processes end rows of ${[...foreign].join(', ')}, which is not a target of this process, so revocations by this process end those rows late`;
  const fix =
    'declare the same `targets` in every process, or, if the table is gone, run `revocations close` with its name';
  return [warning('targets', `${what}: ${fix}`)];
}

/** Reports targets that nothing sweeps, because only the first batch would end. @param sweepIntervalMs the option */
export function unsweptTargets(plans: readonly HostTargetPlan[], sweepIntervalMs: number): Finding[] {
  const withoutEpoch = plans.filter(({ cut }) => cut.by === 'order').map(({ table }) => table.path);
  if (sweepIntervalMs !== 0 || withoutEpoch.length === 0) return [];
  const message = `rows in ${withoutEpoch.join(', ')} that the first batch does not end stay live until a process sweeps, and this process never does: set \`sweepIntervalMs\` in one process, or omit it`;
  return [warning('targets', message)];
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
  return advice.filter((message) => message !== undefined).map((message) => warning('targets', message));
}

/** Returns the columns that a revocation reads or writes. */
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

/** Returns whether the index must contain the order. InnoDB, and SQLite for integer keys, append the primary key themselves. */
function needsOrder(dataSource: DataSource, { table, cut }: HostTargetPlan): boolean {
  if (cut.by === 'epoch') return false;
  const isKey = cut.column.isPrimary && table.primaryColumns.length === 1;
  return !isKey || !(isSqlite(dataSource) ? table.kindOf(cut.column) === 'integer' : isMysql(dataSource));
}

/** Returns the columns of each index, in order. MySQL has an index for each foreign key, which TypeORM does not list. */
const indexesOf = (dataSource: DataSource, table: Table): string[][] => [
  table.primaryColumns.map(({ name }) => name),
  ...(isPostgres(dataSource) ? [] : [...table.indices, ...table.uniques].map(({ columnNames }) => columnNames)),
  ...(!isMysql(dataSource) ? [] : table.foreignKeys.map(({ columnNames }) => columnNames)),
];

/** Reads PostgreSQL's indexes, because TypeORM returns their columns in the order of the table, not of the index. */
async function postgresIndexes(dataSource: DataSource, { table }: HostTargetPlan): Promise<string[][]> {
  if (!isPostgres(dataSource)) return [];
  const sql = `SELECT array_agg(a.attname::text ORDER BY k.place) AS columns
    FROM pg_index i CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY AS k (number, place)
    JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number
    WHERE i.indrelid = to_regclass($1) AND i.indpred IS NULL AND i.indisvalid GROUP BY i.indexrelid`;
  const rows = await onPrimary(dataSource, (manager) => manager.query<Array<{ columns: string[] }>>(sql, [table.sql]));
  return rows.map(({ columns }) => columns);
}

/** Reports keys without AUTOINCREMENT, which SQLite reuses after rows are deleted. */
async function keyAdvice(dataSource: DataSource, { table, cut }: HostTargetPlan): Promise<string | undefined> {
  if (!isSqlite(dataSource) || cut.by === 'epoch' || cut.column.generationStrategy !== 'increment') return undefined;
  const sql = `SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?`;
  const [row] = await onPrimary(dataSource, (manager) =>
    manager.query<Array<{ sql: string }>>(sql, [table.metadata.tableName]),
  );
  if (/\bAUTOINCREMENT\b/i.test(row?.sql ?? '')) return undefined;
  return `${table.path} gives new rows the keys of deleted rows: make its key AUTOINCREMENT, or set orderColumn`;
}

/** Defaults that are the current time, in whole seconds unless {@link FRACTION} matches. */
const NOW = /\bnow\b|current_timestamp|unixepoch/i;
/** Arguments that give SQLite's functions more precision. */
const FRACTION = /%f|subsec/i;

/** Reports times in whole seconds, which cannot order rows within the second of a revocation. */
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
    ? 'remove the default of the database and set the time in your code, `new Date()`'
    : 'give it `precision: 6`';
  return `${what} has a precision of one second, so a sign-in in the second of a revocation ends too: use a key that increases, or ${finer}`;
}
