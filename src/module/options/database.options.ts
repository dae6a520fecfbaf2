import * as v from 'valibot';
import { type Members, TIMER_MAX, wholeNumber } from './schema.js';

/** How long, and how often at a time, requests wait for the database. @publicApi */
export interface DatabaseOptions {
  /**
   * How long one request may wait for the database, in milliseconds, retries included; then 503.
   *
   * @default 5000
   */
  databaseTimeoutMs?: number;
  /**
   * How many statements and transactions of requests may be under way or wait for the database in this process; one more is
   * refused with 503 at once. While a database hangs, memory grows no further than this.
   *
   * @default 1000
   */
  databaseQueue?: number;
}

export const databaseOptions = {
  databaseTimeoutMs: v.optional(wholeNumber(1, TIMER_MAX), 5000),
  databaseQueue: v.optional(wholeNumber(1), 1000),
} satisfies Members<DatabaseOptions>;
