import { randomUUID } from 'node:crypto';
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

/**
 * Writes a row where revocations are written, and takes it away in the same transaction. A statement that changes nothing would
 * succeed on a full disk.
 *
 * @throws Error of the driver when that is not possible
 * @publicApi
 */
export async function probeWrite(dataSource: DataSource): Promise<void> {
  const key = [`probe ${randomUUID()}`]; // no account has it: their keys are hashes
  await onPrimary(dataSource, (primary) =>
    primary.transaction(async (manager) => {
      await manager.query('INSERT INTO gtr_subject_epoch (subject_hash, epoch, previous) VALUES (?, 0, 0)', key);
      await manager.query('DELETE FROM gtr_subject_epoch WHERE subject_hash = ?', key);
    }),
  );
}
