import { randomUUID } from 'node:crypto';
import type { DataSource, EntityManager } from 'typeorm';
import { onceFor } from './once-for.js';
import { run } from './statement.js';
import { expectOutside } from './surrounding-transaction.js';

/**
 * Runs `read` on the primary, on its own connection in autocommit, without TypeORM's query cache. A replica of TypeORM's
 * `replication` and a cache may lag, and an open transaction of the host sees an older snapshot.
 *
 * @throws InsideTransaction on SQLite, if it is called inside an open transaction of this data source
 * @publicApi
 */
export async function onPrimary<T>(dataSource: DataSource, read: (manager: EntityManager) => Promise<T>): Promise<T> {
  expectOutside(dataSource);
  const runner = uncached(dataSource).createQueryRunner('master');
  try {
    return await read(runner.manager);
  } finally {
    await runner.release();
  }
}

/**
 * Runs `work` in its own transaction on the primary, without TypeORM's query cache.
 *
 * @param isolation level of the transaction; by default that of the connection
 * @publicApi
 */
export const inTransaction = <T>(
  dataSource: DataSource,
  work: (manager: EntityManager) => Promise<T>,
  isolation?: 'READ COMMITTED' | 'REPEATABLE READ',
): Promise<T> =>
  onPrimary(dataSource, (manager) => (isolation ? manager.transaction(isolation, work) : manager.transaction(work)));

/** Returns the same data source without the query cache of `cache: { alwaysEnabled: true }`. */
const uncached = onceFor(
  (dataSource: DataSource) => Object.create(dataSource, { queryResultCache: { value: undefined } }) as DataSource,
);

/**
 * Inserts and deletes a row in the table of epochs, in one transaction. A statement without a change would succeed on a full
 * disk.
 *
 * @throws Error of the driver if revocations cannot be written
 * @publicApi
 */
export async function probeWrite(dataSource: DataSource): Promise<void> {
  const key = [`probe ${randomUUID()}`]; // no account has it: their keys are hashes
  await inTransaction(dataSource, async (manager) => {
    await run(manager, 'INSERT INTO gtr_subject_epoch (subject_hash, epoch, previous) VALUES (?, 0, 0)', key);
    await run(manager, 'DELETE FROM gtr_subject_epoch WHERE subject_hash = ?', key);
  });
}
