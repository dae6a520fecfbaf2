import type { DataSource, EntityManager } from 'typeorm';

/**
 * Reads from the primary, on a connection of its own, in autocommit: a replica of TypeORM's `replication` may lag behind,
 * and a transaction that the host has open sees an older snapshot.
 *
 * @publicApi
 */
export async function onPrimary<T>(dataSource: DataSource, read: (manager: EntityManager) => Promise<T>): Promise<T> {
  const runner = dataSource.createQueryRunner('master');
  try {
    return await read(runner.manager);
  } finally {
    await runner.release();
  }
}

/** No row has this key. A read-only server refuses the statement before it looks for one. */
const WRITE_NOTHING = `UPDATE gtr_subject_epoch SET epoch = epoch WHERE subject_hash = ''`;

/** Writes nothing, where revocations are written. @throws Error of the driver when that is not possible @publicApi */
export async function probeWrite(dataSource: DataSource): Promise<void> {
  await onPrimary(dataSource, (manager) => manager.query(WRITE_NOTHING));
}
