import * as v from 'valibot';
import { type Members, TIMER_MAX, wholeNumber } from './schema.js';

/** When rows are deleted that nobody needs any more. @publicApi */
export interface SweepOptions {
  /**
   * How often dead and expired rows are cleared away, in milliseconds on average; 0: never in this process. Rows of `targets`
   * without an epoch that the first batch leaves live on until a process sweeps: the start warns about it.
   *
   * @default 10000
   */
  sweepIntervalMs?: number;
  /**
   * For how many days revocation records are kept, once they are complete; 0: for ever. Epochs are always kept.
   *
   * @default 0
   */
  recordRetentionDays?: number;
}

export const sweepOptions = {
  sweepIntervalMs: v.optional(wholeNumber(0, TIMER_MAX), 10_000),
  recordRetentionDays: v.optional(wholeNumber(0), 0),
} satisfies Members<SweepOptions>;
