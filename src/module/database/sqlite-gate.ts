import type { DataSource, QueryRunner } from 'typeorm';

/** The part of a better-sqlite3 driver this file touches. */
interface SqliteDriver {
  createQueryRunner(mode: 'master' | 'slave'): QueryRunner;
  disconnect(): Promise<void>;
  queryRunner?: QueryRunner | undefined;
  databaseConnection: { inTransaction: boolean; exec(sql: string): unknown };
}

/** Runs one piece of work at a time, in order of arrival. */
class Gate {
  private tail: Promise<void> = Promise.resolve();

  /** @returns a function that lets the next one in; calling it twice does nothing more */
  async enter(): Promise<() => void> {
    const before = this.tail;
    let leave!: () => void;
    this.tail = new Promise((resolve) => (leave = resolve));
    await before;
    return leave;
  }
}

const gated = new WeakSet<DataSource>();

/**
 * Makes transactions on an SQLite data source what they are elsewhere. TypeORM runs every caller of an SQLite data source
 * on one connection through one query runner: two transactions at a time fail, and a statement of somebody else is
 * committed or rolled back with the transaction it fell into. Here each caller gets a query runner of its own, a
 * transaction holds the gate from BEGIN to COMMIT or ROLLBACK, and a lone statement waits for it.
 *
 * Does nothing on other databases, and nothing the second time.
 *
 * @publicApi
 */
export function gateSqlite<T extends DataSource>(dataSource: T): T {
  if (dataSource.options.type !== 'better-sqlite3' || gated.has(dataSource)) return dataSource;
  gated.add(dataSource);
  const driver = dataSource.driver as unknown as SqliteDriver;
  const createShared = driver.createQueryRunner.bind(driver);
  const gate = new Gate();
  const disconnect = driver.disconnect.bind(driver);
  const stmtCache = new Map();
  // Closed in a transaction, or with a statement prepared, a connection would keep its lock, and others wait in vain.
  driver.disconnect = async () => {
    const leave = await gate.enter();
    stmtCache.clear();
    await disconnect().finally(leave);
  };
  driver.createQueryRunner = (mode) => {
    driver.queryRunner = undefined; // else the driver hands out its one shared runner again
    return gateRunner(Object.assign(createShared(mode), { stmtCache }), gate, driver);
  };
  return dataSource;
}

function gateRunner(runner: QueryRunner, gate: Gate, driver: SqliteDriver): QueryRunner {
  let leave: (() => void) | undefined;
  const plain = {
    query: runner.query.bind(runner) as (...a: unknown[]) => Promise<unknown>,
    start: runner.startTransaction.bind(runner),
    commit: runner.commitTransaction.bind(runner),
    rollback: runner.rollbackTransaction.bind(runner),
    release: runner.release.bind(runner),
  };
  const leaveClean = (): void => {
    if (runner.isTransactionActive || !leave) return;
    rollBack(driver);
    leave();
    leave = undefined;
  };

  runner.query = (async (...args: unknown[]) => {
    if (leave && args[0] === 'BEGIN TRANSACTION') {
      void runner.dataSource.logger.logQuery('BEGIN IMMEDIATE', [], runner);
      return begin(driver);
    }
    if (leave) return plain.query(...args);
    const done = await gate.enter();
    try {
      if (!WRITE.test(String(args[0]))) return await plain.query(...args);
      begin(driver);
      const result = await plain.query(...args);
      driver.databaseConnection.exec('COMMIT');
      return result;
    } catch (error) {
      rollBack(driver);
      throw error;
    } finally {
      done();
    }
  }) as QueryRunner['query'];
  runner.startTransaction = async (level) => {
    leave ??= await gate.enter();
    try {
      await plain.start(level);
    } catch (error) {
      abandon(runner);
      leaveClean();
      throw error;
    }
  };
  runner.commitTransaction = () => plain.commit().finally(leaveClean);
  runner.rollbackTransaction = async () => {
    try {
      await plain.rollback();
    } catch (error) {
      abandon(runner);
      throw error;
    } finally {
      leaveClean();
    }
  };
  runner.release = async () => {
    if (leave) abandon(runner);
    leaveClean();
    await plain.release();
  };
  return runner;
}

const WRITE = /^\s*(INSERT|UPDATE|DELETE|REPLACE)\b/i;

/**
 * Takes the write lock at once. A statement that finds the file locked by another process is left half done by the driver:
 * it keeps an old snapshot, and nothing can be written on this connection any more. So only this may find it locked.
 */
function begin({ databaseConnection }: SqliteDriver): void {
  databaseConnection.exec('BEGIN IMMEDIATE');
}

function rollBack({ databaseConnection }: SqliteDriver): void {
  if (databaseConnection.inTransaction) databaseConnection.exec('ROLLBACK');
}

/** Forgets a transaction that could not be begun or ended; {@link gateSqlite} rolls the connection back. */
function abandon(runner: QueryRunner): void {
  Object.assign(runner, { isTransactionActive: false, transactionDepth: 0 });
}
