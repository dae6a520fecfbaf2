import { setTimeout as sleep } from 'node:timers/promises';
import { isDriverError } from './driver-errors.js';

/** Pause before the second try, at most, in milliseconds; twice as long before each further one. */
const PAUSE = 40;
/** Longest pause, in milliseconds. */
const PAUSE_MAX = 400;

/** Tries of what a request waits for. */
export const TRIES = 8;
/** How long to try what no request waits for, in milliseconds. */
export const PATIENCE_MS = 60_000;

/**
 * Runs `work` again after a passing fault, such as a deadlock or a file that another process has locked. The pauses are
 * random, so that two who are in each other's way do not meet again.
 *
 * @param mayRetry asked before and after each pause
 * @throws what `work` threw last
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

/**
 * Runs work for which no request waits, again after each passing error until it succeeds or the time is over.
 *
 * @publicApi
 */
export function patiently<T>(work: () => Promise<T>, patienceMs = PATIENCE_MS): Promise<T> {
  const late = Date.now() + patienceMs;
  return retried(work, () => Date.now() <= late);
}
