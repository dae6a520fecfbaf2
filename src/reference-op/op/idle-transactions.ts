import type { DataSource } from 'typeorm';

/** Time after which an idle transaction is considered abandoned, in seconds. */
export const IDLE_SECONDS = 5;

/** MySQL has no such variable. @see https://mariadb.com/docs/server/reference/system-variables */
const END_IDLE = `SET SESSION idle_write_transaction_timeout = ${IDLE_SECONDS}`;

interface Pool {
  on(event: 'connection', listener: (connection: { query(sql: string, done: () => void): unknown }) => void): unknown;
}

/**
 * Makes MariaDB end idle transactions. Otherwise a node that vanishes without closing its connections would keep its locks
 * for hours, and the user whom it was revoking could not be revoked.
 */
export async function endIdleTransactions(dataSource: DataSource): Promise<void> {
  const { pool } = dataSource.driver as { pool?: Pool };
  if (!pool) return;
  pool.on('connection', (connection) => connection.query(END_IDLE, () => {}));
  await dataSource.query(END_IDLE).catch(() => {}); // on the connection that is already open
}
