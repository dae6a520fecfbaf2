/**
 * Driver errors by kind: numbers (`errno`) of MySQL, MariaDB and their client library, and codes (`code`) of SQLite,
 * mysql2 and Node.
 *
 * @see MariaDB Error Codes; SQLite Result and Error Codes
 */
const KINDS = {
  /** Repeating the statement may succeed. */
  transient: [
    1020, // ER_CHECKREAD: a row has changed since it was read
    1040, // ER_CON_COUNT_ERROR: too many connections
    1047, // ER_UNKNOWN_COM_ERROR: a Galera node that is not ready
    1053, // ER_SERVER_SHUTDOWN
    1205, // ER_LOCK_WAIT_TIMEOUT
    1213, // ER_LOCK_DEADLOCK
    1290, // ER_OPTION_PREVENTS_STATEMENT: read-only, until the primary is found
    1836, // ER_READ_ONLY_MODE
    1927, // ER_CONNECTION_KILLED
    2006, // CR_SERVER_GONE_ERROR
    2013, // CR_SERVER_LOST
    ...['SQLITE_BUSY', 'SQLITE_LOCKED', 'SQLITE_BUSY_SNAPSHOT'],
    ...['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOENT', 'PROTOCOL_CONNECTION_LOST'],
  ],
  /** An insert violates a unique key. */
  duplicateKey: [
    1062, // ER_DUP_ENTRY
    ...['SQLITE_CONSTRAINT_PRIMARYKEY', 'SQLITE_CONSTRAINT_UNIQUE'],
  ],
  /** A table or column is missing because migrations have not run. SQLite only says so in its message. */
  missingSchema: [
    1054, // ER_BAD_FIELD_ERROR
    1146, // ER_NO_SUCH_TABLE
  ],
  /** Writes are rejected: a replica, or a primary that became read-only. Also in `transient`. */
  readOnly: [1290, 1836],
  /** The account lacks a privilege. */
  denied: [
    1044, // ER_DBACCESS_DENIED_ERROR
    1142, // ER_TABLEACCESS_DENIED_ERROR
  ],
  /** Unknown account or wrong password. */
  unknownAccount: [
    1045, // ER_ACCESS_DENIED_ERROR
    1698, // ER_ACCESS_DENIED_NO_PASSWORD_ERROR
  ],
} as const satisfies Record<string, ReadonlyArray<string | number>>;

interface DriverError {
  code?: string | number;
  errno?: number;
  message?: string;
  driverError?: unknown;
}

/** Returns the driver's own error inside TypeORM's wrapper. @publicApi */
export function driverError(error: unknown): DriverError {
  const outer = (error ?? {}) as DriverError;
  return (outer.driverError ?? outer) as DriverError;
}

/** Returns whether an error is of this kind, also inside TypeORM's wrapper. @publicApi */
export function isDriverError(error: unknown, kind: keyof typeof KINDS): boolean {
  const { code = '', errno = '', message = '' } = driverError(error);
  const known: ReadonlyArray<string | number> = KINDS[kind];
  const isSaid = kind === 'missingSchema' && /no such (table|column)/.test(message);
  return known.includes(code) || known.includes(errno) || isSaid;
}
