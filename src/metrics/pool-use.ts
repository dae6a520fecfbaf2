import type { DataSource } from 'typeorm';

/** Connections of a pool. */
export interface PoolUse {
  inUse: number;
  idle: number;
  /** Who waits for one. */
  waiting: number;
  limit: number;
}

/** What mysql2's pool knows; it has no public way to ask. */
interface MysqlPool {
  _allConnections?: { length: number };
  _freeConnections?: { length: number };
  _connectionQueue?: { length: number };
  config?: { connectionLimit?: number };
}

/** The pool of a data source; undefined where there is none, as on SQLite, or several. */
export function poolUse({ driver }: DataSource): PoolUse | undefined {
  const { pool } = driver as { pool?: MysqlPool };
  const all = pool?._allConnections?.length;
  if (!pool || all === undefined) return undefined;
  const idle = pool._freeConnections?.length ?? 0;
  const waiting = pool._connectionQueue?.length ?? 0;
  return { inUse: all - idle, idle, waiting, limit: pool.config?.connectionLimit ?? 0 };
}
