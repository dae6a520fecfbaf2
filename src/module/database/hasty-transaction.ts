import type { DataSource, EntityManager } from 'typeorm';
import { dataSourceOf } from './data-source-of.js';
import { onPrimary } from './primary.js';
import { sqlDialect } from './sql-dialect.js';
import { marks, run } from './statement.js';

/**
 * Runs `work` in its own transaction on the primary. Statements that would wait for more than a moment for another transaction
 * fail. On MySQL and MariaDB, those that wait for a row of {@link takeRows} fail at once, all others after a second.
 *
 * @throws Error of the driver, `contended`
 */
export function inHastyTransaction<T>(
  dataSource: DataSource,
  work: (manager: EntityManager) => Promise<T>,
): Promise<T> {
  const {
    gapless,
    hasty: { begin, around },
  } = sqlDialect(dataSource);
  const hasty = async (manager: EntityManager): Promise<T> => {
    if (begin) await run(manager, begin);
    return work(manager);
  };
  return onPrimary(dataSource, async (manager) => {
    if (around) await run(manager, around[0]);
    try {
      return await (gapless ? manager.transaction(gapless, hasty) : manager.transaction(hasty));
    } finally {
      // If this fails, the connection is broken, and the outcome of the transaction is what counts.
      if (around) await run(manager, around[1]).catch(() => {});
    }
  });
}

/**
 * Locks those rows that exist, unless another transaction holds one, where only this keeps later statements from waiting.
 *
 * @param manager of {@link inHastyTransaction}
 * @param column primary key of the table
 * @throws Error of the driver, `contended`
 */
export async function takeRows(manager: EntityManager, table: string, column: string, keys: Iterable<string>) {
  const { take } = sqlDialect(dataSourceOf(manager)).hasty;
  const all = [...keys];
  if (take && all.length > 0) await run(manager, take(table, column, marks(all)), all);
}
