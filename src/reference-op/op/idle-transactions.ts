import type { DataSource } from 'typeorm';

/** A transaction in which nothing happens for so long belongs to nobody any more, in seconds. */
export const IDLE_SECONDS = 5;

/** MySQL has no such variable. @see https://mariadb.com/docs/server/reference/system-variables */
const END_IDLE = `SET SESSION idle_write_transaction_timeout = ${IDLE_SECONDS}`;

interface Pool {
  on(event: 'connection', listener: (connection: { query(sql: string, done: () => void): unknown }) => void): unknown;
}

/**
 * Has MariaDB end transactions in which nothing happens any more. A node that vanishes without closing its connections would
 * else keep its locks for hours, and the user whom it was revoking could not be revoked.
 */
export async function endIdleTransactions(dataSource: DataSource): Promise<void> {
  const { pool } = dataSource.driver as { pool?: Pool };
  if (!pool) return;
  pool.on('connection', (connection) => connection.query(END_IDLE, () => {}));
  await dataSource.query(END_IDLE).catch(() => {}); // on the connection that is there already
}
