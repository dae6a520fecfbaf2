import type { DataSource, QueryRunner } from 'typeorm';
import { dataSourceOf } from './data-source-of.js';
import { containing, enterTransaction, type OpenTransaction } from './surrounding-transaction.js';

/** Used members of the better-sqlite3 driver. */
interface SqliteDriver {
  createQueryRunner(mode: 'master' | 'slave'): QueryRunner;
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  queryRunner?: QueryRunner | undefined;
  databaseConnection: { inTransaction: boolean; exec(sql: string): unknown };
}

/** Lets one caller in at a time, in order of arrival. */
class Gate {
  /** A statement on a closed file would end the process. */
  isClosed = false;
  private tail: Promise<void> = Promise.resolve();

  /**
   * @returns a function that lets the next caller in; further calls have no effect
   * @throws Error if the file is closed
   */
  async enter(): Promise<() => void> {
    const before = this.tail;
    let leave!: () => void;
    this.tail = new Promise((resolve) => (leave = resolve));
    await before;
    if (!this.isClosed) return leave;
    leave();
    throw new Error('the SQLite file is closed');
  }
}

const gated = new WeakSet<DataSource>();

/**
 * Isolates transactions on an SQLite data source. TypeORM runs all callers on one connection with one query runner, so that
 * concurrent transactions fail, and a single statement becomes part of another caller's transaction. With the gate, each
 * caller gets its own query runner, a transaction holds the gate from BEGIN to COMMIT or ROLLBACK, and single statements
 * wait for it. No effect on other databases or on a second call.
 *
 * @publicApi
 */
export function gateSqlite<T extends DataSource>(dataSource: T): T {
  if (dataSource.options.type !== 'better-sqlite3' || gated.has(dataSource)) return dataSource;
  gated.add(dataSource);
  const driver = dataSource.driver as unknown as SqliteDriver;
  const createShared = driver.createQueryRunner.bind(driver);
  const gate = new Gate();
  const [connect, disconnect] = [driver.connect.bind(driver), driver.disconnect.bind(driver)];
  const stmtCache = new Map();
  // A connection that is closed inside a transaction, or with a prepared statement, keeps its lock.
  driver.disconnect = async () => {
    const leave = await gate.enter();
    stmtCache.clear();
    gate.isClosed = true;
    await disconnect().finally(leave);
  };
  driver.connect = async () => {
    await connect();
    gate.isClosed = false;
  };
  driver.createQueryRunner = (mode) => {
    driver.queryRunner = undefined; // otherwise the driver returns its shared runner
    return gateRunner(Object.assign(createShared(mode), { stmtCache }), gate, driver);
  };
  const createManager = Reflect.get(dataSource, 'createEntityManager') as DataSource['createEntityManager'];
  dataSource.createEntityManager = function (...args) {
    return containing(createManager.apply(this, args));
  };
  containing(dataSource.manager);
  return dataSource;
}

function gateRunner(runner: QueryRunner, gate: Gate, driver: SqliteDriver): QueryRunner {
  let leave: (() => void) | undefined;
  let transaction: OpenTransaction | undefined;
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
    if (transaction) transaction.isOpen = false;
    transaction = undefined;
  };

  const alone = async (args: unknown[]): Promise<unknown> => {
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
  };
  const immediately = async (): Promise<void> => {
    void dataSourceOf(runner).logger.logQuery('BEGIN IMMEDIATE', [], runner);
    begin(driver);
  };

  runner.query = ((...args: unknown[]) => {
    if (!leave) return alone(args);
    return args[0] === 'BEGIN TRANSACTION' ? immediately() : plain.query(...args);
  }) as QueryRunner['query'];
  runner.startTransaction = async (level) => {
    transaction ??= { driver, isOpen: false };
    enterTransaction(transaction); // before the first `await`: it is the caller's
    leave ??= await gate.enter();
    transaction.isOpen = true;
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
  runner.release = () => {
    if (leave) abandon(runner);
    leaveClean();
    return plain.release();
  };
  return runner;
}

const WRITE = /^\s*(INSERT|UPDATE|DELETE|REPLACE)\b/i;

/**
 * Takes the write lock immediately. If a later statement found the file locked by another process, the driver would keep an
 * old snapshot, and the connection could not write any more.
 */
function begin({ databaseConnection }: SqliteDriver): void {
  databaseConnection.exec('BEGIN IMMEDIATE');
}

function rollBack({ databaseConnection }: SqliteDriver): void {
  if (databaseConnection.inTransaction) databaseConnection.exec('ROLLBACK');
}

/** Resets the runner after a failed BEGIN or COMMIT; {@link gateSqlite} rolls the connection back. */
function abandon(runner: QueryRunner): void {
  Object.assign(runner, { isTransactionActive: false, transactionDepth: 0 });
}
