import * as v from 'valibot';
import { type Members, TIMER_MAX, wholeNumber } from './schema.js';

/** Deletion of rows that are no longer needed. @publicApi */
export interface SweepOptions {
  /**
   * Average interval between sweeps of dead and expired rows, in milliseconds; 0 means that this process does not
   * sweep. Rows of `targets` without an epoch stay live until a process sweeps them, unless the first batch ended them;
   * a startup check warns about it.
   *
   * @default 10000
   */
  sweepIntervalMs?: number;
  /**
   * Days to keep revocation records; 0 means forever. Records that are not complete, or not yet handed over to the
   * notifications, are kept longer. Epochs are always kept.
   *
   * @default 0
   */
  recordRetentionDays?: number;
  /**
   * Days to remember that a session at an identity provider with `logoutEnds: 'session'` has ended; 0 means forever. After that
   * time, what came from the session would be accepted again. The time must therefore exceed the longest lifetime of your
   * sessions, grants and tokens, and the time for which you keep a `sid` for a later sign-in.
   *
   * @default 0
   */
  endedSessionRetentionDays?: number;
}

export const sweepOptions = {
  sweepIntervalMs: v.optional(wholeNumber(0, TIMER_MAX), 10_000),
  recordRetentionDays: v.optional(wholeNumber(0), 0),
  endedSessionRetentionDays: v.optional(wholeNumber(0), 0),
} satisfies Members<SweepOptions>;
