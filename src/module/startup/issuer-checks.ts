import type { DataSource, EntityManager } from 'typeorm';
import { dataSourceOf } from '../database/data-source-of.js';
import { onPrimary } from '../database/primary.js';
import { sqlDialect } from '../database/sql-dialect.js';
import { rowsOf, run } from '../database/statement.js';
import { fatal, type Finding } from './finding.js';
import { unlessMissing } from './missing-schema.js';

/** Issuers of development, whose port changes from one start to the next. */
const LOOPBACK = /^https?:\/\/(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?(\/|$)/;

/** Returns the issuer that these tables belong to; undefined before the first start. */
export async function storedIssuer(manager: EntityManager): Promise<string | undefined> {
  const [row] = await rowsOf<{ issuer: string }>(manager, 'SELECT issuer FROM gtr_issuer WHERE id = 1');
  return row?.issuer;
}

/**
 * Stores the issuer that these tables belong to, in place of another one.
 *
 * @returns the previous one; undefined if there was none
 * @publicApi
 */
export async function acceptIssuer(manager: EntityManager, issuer: string): Promise<string | undefined> {
  const before = await storedIssuer(manager);
  await insert(manager);
  await run(manager, 'UPDATE gtr_issuer SET issuer = ? WHERE id = 1', [issuer]);
  return before;
}

/**
 * Whether another issuer has these tables. Its account ids name other users, so that a revocation would end their tokens. An
 * issuer on a loopback address gives way to any other.
 */
export async function issuerFindings(dataSource: DataSource, issuer: string): Promise<Finding[]> {
  const stored = await unlessMissing(onPrimary(dataSource, storedIssuer));
  if (stored === undefined || stored === '' || stored === issuer || LOOPBACK.test(stored)) return [];
  const what = `the tables belong to the issuer '${stored}', not to '${issuer}', and its account ids may name other users`;
  const fix = 'give each issuer its own database, or, if this issuer has a new name, run `issuer accept`';
  return [fatal('issuer', `${what}: ${fix}`)];
}

/** Stores the issuer when the tables have none, or one of development. @returns findings, if another process was first */
export async function claimTables(dataSource: DataSource, issuer: string): Promise<Finding[]> {
  const claim = onPrimary(dataSource, async (manager) => {
    const stored = await storedIssuer(manager);
    if (stored === issuer) return;
    await insert(manager);
    const replaced = stored !== undefined && LOOPBACK.test(stored) ? stored : '';
    await run(manager, 'UPDATE gtr_issuer SET issuer = ? WHERE id = 1 AND issuer = ?', [issuer, replaced]);
  });
  await unlessMissing(claim);
  return issuerFindings(dataSource, issuer);
}

/** Adds the row unless it exists. */
async function insert(manager: EntityManager): Promise<void> {
  const { onConflict } = sqlDialect(dataSourceOf(manager));
  await run(manager, `INSERT INTO gtr_issuer (id, issuer) VALUES (1, '') ${onConflict('id', ['id = gtr_issuer.id'])}`);
}
