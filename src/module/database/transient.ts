/** Errors after which the same statement may well succeed: deadlock, lock wait, lost or read-only primary, busy file. */
const TRANSIENT = new Set<string | number>([
  ...[1020, 1040, 1047, 1053, 1205, 1213, 1290, 1836, 1927, 2006, 2013],
  ...['SQLITE_BUSY', 'SQLITE_LOCKED', 'SQLITE_BUSY_SNAPSHOT'],
  ...['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOENT', 'PROTOCOL_CONNECTION_LOST'],
]);

interface DriverError {
  code?: string | number;
  errno?: number;
  message?: string;
  driverError?: unknown;
}

/** The driver's own error inside TypeORM's wrapper. */
export function driverError(error: unknown): DriverError {
  const outer = (error ?? {}) as DriverError;
  return (outer.driverError ?? outer) as DriverError;
}

/** Whether trying again may help. */
export function isTransient(error: unknown): boolean {
  const { code, errno } = driverError(error);
  return TRANSIENT.has(code ?? '') || TRANSIENT.has(errno ?? '');
}

/** Whether a unique key refused an insert. */
export function isDuplicateKey(error: unknown): boolean {
  const { code, errno } = driverError(error);
  return errno === 1062 || code === 'SQLITE_CONSTRAINT_PRIMARYKEY' || code === 'SQLITE_CONSTRAINT_UNIQUE';
}
