import { setTimeout as sleep } from 'node:timers/promises';
import { isDriverError } from './driver-errors.js';

/** Longest pause before the second try, in milliseconds; doubles before each further one. */
const PAUSE = 40;
/** Longest pause, in milliseconds. */
const PAUSE_MAX = 400;

/** Maximum number of tries while a request waits. */
export const TRIES = 8;
/** How long to retry if no request waits, in milliseconds. */
export const PATIENCE_MS = 60_000;

/**
 * Retries `work` after a transient error, such as a deadlock or a locked file. Pauses are random, so that two
 * conflicting processes do not collide again.
 *
 * @param mayRetry called before and after each pause
 * @throws the last error of `work`
 */
export async function retried<T>(work: () => Promise<T>, mayRetry: (tried: number) => boolean): Promise<T> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await work();
    } catch (error) {
      if (!isDriverError(error, 'transient') || !mayRetry(tried)) throw error;
      await sleep(Math.random() * Math.min(PAUSE_MAX, PAUSE * 2 ** (tried - 1)));
      if (!mayRetry(tried)) throw error;
    }
  }
}

/** Retries `work` after transient errors until it succeeds or the time is over. Use it where no request waits. @publicApi */
export function patiently<T>(work: () => Promise<T>, patienceMs = PATIENCE_MS): Promise<T> {
  const late = performance.now() + patienceMs;
  return retried(work, () => performance.now() <= late);
}
