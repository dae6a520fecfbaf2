import * as v from 'valibot';
import { type Members, TIMER_MAX, wholeNumber } from './schema.js';

/** Limits of requests that wait for the database. @publicApi */
export interface DatabaseOptions {
  /**
   * Longest time that one step of a request, such as a look-up or a transaction, waits for the database, in milliseconds, including
   * retries. After that, the answer is 503.
   *
   * @default 5000
   */
  databaseTimeoutMs?: number;
  /**
   * Maximum number of statements and transactions of requests that may run or wait in this process at the same time.
   * Beyond that, the answer is 503 immediately, which limits memory while the database hangs.
   *
   * @default 1000
   */
  databaseQueue?: number;
}

export const databaseOptions = {
  databaseTimeoutMs: v.optional(wholeNumber(1, TIMER_MAX), 5000),
  databaseQueue: v.optional(wholeNumber(1), 1000),
} satisfies Members<DatabaseOptions>;
