import { driverError } from './transient.js';

/** ER_BAD_FIELD_ERROR, ER_NO_SUCH_TABLE. */
const MISSING = new Set([1054, 1146]);

/** Whether a table or column is not there: migrations have not run. */
export function isMissingSchema(error: unknown): boolean {
  const { errno, message = '' } = driverError(error);
  return MISSING.has(errno ?? 0) || /no such (table|column)/.test(message);
}
