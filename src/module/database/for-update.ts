import type { EntityManager } from 'typeorm';

/** Find options that keep what is read from being changed by others until the transaction ends. */
export const forUpdate = (manager: EntityManager): { lock?: { mode: 'pessimistic_write' } } =>
  // On SQLite there is one writing transaction at a time anyway, and no such clause.
  manager.dataSource.options.type === 'better-sqlite3' ? {} : { lock: { mode: 'pessimistic_write' } };
