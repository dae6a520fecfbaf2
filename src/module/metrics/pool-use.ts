import type { DataSource } from 'typeorm';

/** Use of a connection pool. */
export interface PoolUse {
  inUse: number;
  idle: number;
  /** Requests that wait for a connection. */
  waiting: number;
  limit: number;
}

/** Private fields of mysql2's pool, which has no public API for this. */
interface MysqlPool {
  _allConnections?: { length: number };
  _freeConnections?: { length: number };
  _connectionQueue?: { length: number };
  config?: { connectionLimit?: number };
}

/** Returns the use of a data source's pool; undefined if there is none, as on SQLite, or several. */
export function poolUse({ driver }: DataSource): PoolUse | undefined {
  const { _allConnections: all, _freeConnections: free, _connectionQueue: queue, config } = mysqlPool(driver);
  if (!all || !free) return undefined;
  const idle = free.length;
  return { inUse: all.length - idle, idle, waiting: queue?.length ?? 0, limit: config?.connectionLimit ?? 0 };
}

const mysqlPool = (driver: DataSource['driver']): MysqlPool => (driver as { pool?: MysqlPool }).pool ?? {};
