import type { DataSource } from 'typeorm';

/** Private fields of mysql2's pool, which has no public API for this. */
interface MysqlPool {
  _allConnections?: { length: number };
  _freeConnections?: { length: number };
  _connectionQueue?: { length: number };
  config?: { connectionLimit?: number };
}

/** The pool of pg. @see https://node-postgres.com/apis/pool */
interface PostgresPool {
  totalCount?: number;
  idleCount?: number;
  waitingCount?: number;
  options?: { max?: number };
}

/**
 * Returns the use of a data source's pool: its connections, and the requests that wait for one.
 *
 * @returns undefined if there is no pool, as on SQLite, or several
 */
export function poolUse({ driver }: DataSource): Record<'inUse' | 'idle' | 'waiting' | 'limit', number> | undefined {
  const { pool, master } = driver as { pool?: MysqlPool; master?: PostgresPool };
  if (master?.totalCount !== undefined) {
    const { totalCount, idleCount: idle = 0, waitingCount: waiting = 0, options } = master;
    return { inUse: totalCount - idle, idle, waiting, limit: options?.max ?? 0 };
  }
  const { _allConnections: all, _freeConnections: free, _connectionQueue: queue, config } = pool ?? {};
  if (!all || !free) return undefined;
  const idle = free.length;
  return { inUse: all.length - idle, idle, waiting: queue?.length ?? 0, limit: config?.connectionLimit ?? 0 };
}
