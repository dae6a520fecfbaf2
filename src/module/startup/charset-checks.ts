import type { DataSource } from 'typeorm';
import { onPrimary } from '../database/primary.js';
import { isMysql } from '../database/sql-dialect.js';
import { fatal, type Finding } from './finding.js';

const OURS = 'utf8mb4_bin';

export async function charsetFindings(dataSource: DataSource): Promise<Finding[]> {
  if (!isMysql(dataSource)) return [];
  return [...(await sessionFindings(dataSource)), ...(await columnFindings(dataSource))];
}

interface Session {
  client: string;
  results: string | null;
  mode: string;
}

const SESSION = 'SELECT @@character_set_client AS client, @@character_set_results AS results, @@sql_mode AS mode';

async function sessionFindings(dataSource: DataSource): Promise<Finding[]> {
  const [session] = await onPrimary(dataSource, (manager) => manager.query<Session[]>(SESSION));
  const { client, results, mode } = session!;
  const findings: Finding[] = [];
  const other = [client, results].find((name) => name !== 'utf8mb4');
  if (other !== undefined) {
    const message = `the connection uses the character set ${other}, which cannot represent every name: set \`charset: 'utf8mb4'\` in the DataSource`;
    findings.push(fatal('database', message));
  }
  if (mode.split(',').includes('NO_BACKSLASH_ESCAPES')) {
    const message =
      'sql_mode contains NO_BACKSLASH_ESCAPES, so the driver does not escape values safely and a caller could inject SQL: ' +
      'remove it from the sql_mode of the server or of this account';
    findings.push(fatal('database', message));
  }
  return findings;
}

interface Column {
  tableName: string;
  collation: string;
}

const COLUMNS = `SELECT DISTINCT TABLE_NAME AS tableName, COLLATION_NAME AS collation FROM information_schema.COLUMNS
  WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME IN (?) AND COLLATION_NAME IS NOT NULL`;

/** Checks the collations of our tables, which others may have created or changed; queries join these tables. */
async function columnFindings(dataSource: DataSource): Promise<Finding[]> {
  const names = dataSource.entityMetadatas.map(({ tableName }) => tableName).filter((name) => name.startsWith('gtr_'));
  if (names.length === 0) return [];
  const columns = await onPrimary(dataSource, (manager) => manager.query<Column[]>(COLUMNS, [names]));
  const collations = new Set(columns.map(({ collation }) => collation));
  const isFatal = collations.size > 1 || ![...collations].every((name) => name.startsWith('utf8mb4_'));
  const wrong = columns.filter(({ collation }) => collation !== OURS);
  return [...new Set(wrong.map(({ tableName }) => tableName))].map((name) => {
    const has = wrong.filter(({ tableName }) => tableName === name).map(({ collation }) => collation);
    const message = `the table ${name} has columns with the collation ${has.join(', ')}, not ${OURS}: run ALTER TABLE ${name} CONVERT TO CHARACTER SET utf8mb4 COLLATE ${OURS}`;
    return { check: 'tables', message, isFatal };
  });
}
