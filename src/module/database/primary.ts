import type { DataSource, EntityManager } from 'typeorm';

/**
 * Reads from the primary, on a connection of its own, in autocommit: a replica of TypeORM's `replication` may lag behind,
 * and a transaction that the host has open sees an older snapshot.
 */
export async function onPrimary<T>(dataSource: DataSource, read: (manager: EntityManager) => Promise<T>): Promise<T> {
  const runner = dataSource.createQueryRunner('master');
  try {
    return await read(runner.manager);
  } finally {
    await runner.release();
  }
}
