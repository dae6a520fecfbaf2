/**
 * Driver errors by kind: numbers (`errno`) of MySQL, MariaDB and their client library, codes (`code`) of SQLite,
 * mysql2 and Node, and the SQLSTATE (`code`) of PostgreSQL.
 *
 * Other errors are not retried, because the answer would be the same.
 *
 * @see MariaDB Error Codes; SQLite Result and Error Codes; PostgreSQL Error Codes
 */
const KINDS = {
  /** Repeating the statement may succeed. */
  transient: [
    1020, // ER_CHECKREAD: a row has changed since it was read
    1037, // ER_OUTOFMEMORY
    1038, // ER_OUT_OF_SORTMEMORY
    1040, // ER_CON_COUNT_ERROR: too many connections
    1047, // ER_UNKNOWN_COM_ERROR: a Galera node that is not ready
    1053, // ER_SERVER_SHUTDOWN
    1135, // ER_CANT_CREATE_THREAD
    1152, // ER_ABORTING_CONNECTION
    ...[1158, 1159, 1160, 1161], // ER_NET_READ_ERROR, ER_NET_READ_INTERRUPTED, ER_NET_ERROR_ON_WRITE, ER_NET_WRITE_INTERRUPTED
    1184, // ER_NEW_ABORTING_CONNECTION
    1203, // ER_TOO_MANY_USER_CONNECTIONS
    1205, // ER_LOCK_WAIT_TIMEOUT
    1206, // ER_LOCK_TABLE_FULL
    1213, // ER_LOCK_DEADLOCK
    1226, // ER_USER_LIMIT_REACHED: connections or statements of this account
    1290, // ER_OPTION_PREVENTS_STATEMENT: read-only, until the primary is found
    1317, // ER_QUERY_INTERRUPTED
    1614, // ER_XA_RBDEADLOCK
    1792, // ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION: a session that began on a replica
    1836, // ER_READ_ONLY_MODE
    1927, // ER_CONNECTION_KILLED
    2006, // CR_SERVER_GONE_ERROR
    ...[2002, 2003, 2013, 2055], // CR_CONNECTION_ERROR, CR_CONN_HOST_ERROR, CR_SERVER_LOST, CR_SERVER_LOST_EXTENDED
    3100, // ER_RUN_HOOK_ERROR: the group has no majority
    3101, // ER_TRANSACTION_ROLLBACK_DURING_COMMIT: another member of the group was first
    3168, // ER_SERVER_ISNT_AVAILABLE
    3572, // ER_LOCK_NOWAIT
    4031, // ER_CLIENT_INTERACTION_TIMEOUT
    ...['SQLITE_BUSY', 'SQLITE_LOCKED', 'SQLITE_BUSY_SNAPSHOT', 'SQLITE_BUSY_RECOVERY', 'SQLITE_BUSY_TIMEOUT'],
    ...['SQLITE_LOCKED_SHAREDCACHE', 'SQLITE_PROTOCOL'],
    ...['ECONNREFUSED', 'ECONNRESET', 'ECONNABORTED', 'EPIPE', 'ETIMEDOUT', 'ENOENT', 'EADDRNOTAVAIL'],
    ...[
      'EAI_AGAIN',
      'ENOTFOUND',
      'EHOSTUNREACH',
      'EHOSTDOWN',
      'ENETUNREACH',
      'ENETDOWN',
      'ENETRESET',
      'EMFILE',
      'ENFILE',
    ],
    ...['PROTOCOL_CONNECTION_LOST', 'PROTOCOL_SEQUENCE_TIMEOUT', 'PROTOCOL_ENQUEUE_AFTER_FATAL_ERROR'],
    ...['08000', '08001', '08003', '08004', '08006', '08007'], // connection_exception and those of its class
    '25006', // read_only_sql_transaction: a standby, until the primary is found
    ...['25P03', '25P04'], // idle_in_transaction_session_timeout, transaction_timeout
    ...['40001', '40P01', '40003'], // serialization_failure, deadlock_detected, statement_completion_unknown
    ...['53000', '53200', '53300', '53400'], // insufficient_resources: memory, connections, a limit
    ...['55006', '55P03'], // object_in_use, lock_not_available
    '57014', // query_canceled: statement_timeout
    ...['57P01', '57P02', '57P03', '57P05'], // admin_shutdown, crash_shutdown, cannot_connect_now, idle_session_timeout
    '58000', // system_error
  ],
  /** Another transaction holds or changed the rows. Also in `transient`. */
  contended: [
    ...[1020, 1205, 1213, 1614, 3101, 3572], // those of changed rows, lock waits and deadlocks above
    ...['40001', '40P01', '55P03'], // serialization_failure, deadlock_detected, lock_not_available
  ],
  /** An insert violates a unique key. */
  duplicateKey: [
    1062, // ER_DUP_ENTRY
    ...['SQLITE_CONSTRAINT_PRIMARYKEY', 'SQLITE_CONSTRAINT_UNIQUE'],
    '23505', // unique_violation
  ],
  /** A table or column is missing because migrations have not run. SQLite only says so in its message. */
  missingSchema: [
    1054, // ER_BAD_FIELD_ERROR
    1146, // ER_NO_SUCH_TABLE
    ...['42703', '42P01', '3F000'], // undefined_column, undefined_table, invalid_schema_name
  ],
  /** Writes are rejected: a replica, or a primary that became read-only. Also in `transient`. */
  readOnly: [1290, 1836, '25006'],
  /**
   * The compared column cannot hold the text: ER_CANT_AGGREGATE_2COLLATIONS and similar on MariaDB,
   * ER_CANNOT_CONVERT_STRING on MySQL.
   */
  inexpressible: [1267, 1270, 1271, 3988],
  /** The type of the compared column cannot represent the text: a UUID, a number, a time, or NUL in a text. */
  unrepresentable: [
    ...['22003', '22007', '22008', '22021', '22P02', '22P05'], // numeric_value_out_of_range to untranslatable_character
  ],
  /** The account lacks a privilege. */
  denied: [
    1044, // ER_DBACCESS_DENIED_ERROR
    1142, // ER_TABLEACCESS_DENIED_ERROR
    '42501', // insufficient_privilege
  ],
  /** Unknown account or wrong password. */
  unknownAccount: [
    1045, // ER_ACCESS_DENIED_ERROR
    1698, // ER_ACCESS_DENIED_NO_PASSWORD_ERROR
    ...['28000', '28P01'], // invalid_authorization_specification, invalid_password
  ],
} as const satisfies Record<string, ReadonlyArray<string | number>>;

/** Errors that a driver reports only by their message. */
const SAID: Partial<Record<keyof typeof KINDS, RegExp>> = {
  missingSchema: /no such (table|column)/,
  transient:
    /^(Can't add new command when connection is in closed state|Connection terminated|timeout exceeded when trying to connect|Client (was closed|has encountered a connection error) and is not queryable|Query read timeout)/,
};

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
  const isSaid = SAID[kind]?.test(message) ?? false;
  return known.includes(code) || known.includes(errno) || isSaid;
}
