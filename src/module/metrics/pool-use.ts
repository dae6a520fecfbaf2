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
  const { _allConnections: all, _freeConnections: free, _connectionQueue: queue, config } = mysqlPool(driver);
  if (!all || !free) return undefined;
  const idle = free.length;
  return { inUse: all.length - idle, idle, waiting: queue?.length ?? 0, limit: config?.connectionLimit ?? 0 };
}

const mysqlPool = (driver: DataSource['driver']): MysqlPool => (driver as { pool?: MysqlPool }).pool ?? {};
