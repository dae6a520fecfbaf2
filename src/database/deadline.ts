import { setTimeout as sleep } from 'node:timers/promises';
import { RevocationError } from '../revocation.errors.js';
import { isTransient } from './transient.js';

const TRIES = 8;
/** Longest pause between two tries, in milliseconds; the first are shorter. */
const PAUSE_MAX = 400;

/** Waits at most this long for the database, everything included: pool, lock, network, retries. */
export class DatabaseDeadline {
  /** @param timeoutMs milliseconds; drivers' own limits do not cover waiting for a connection */
  constructor(private readonly timeoutMs: number) {}

  /**
   * Runs `work`, again after a passing fault, a little later each time.
   *
   * @throws RevocationError `unavailable` when the database fails or does not answer in time. What was under way may still
   *   be committed then: `work` must be safe to repeat.
   */
  run<T>(work: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      let isLate = false;
      const timer = setTimeout(() => {
        isLate = true;
        reject(unavailable(new Error(`no answer within ${this.timeoutMs} ms`)));
      }, this.timeoutMs).unref();
      void tryOften(work, () => isLate)
        .then(resolve, (cause: unknown) => reject(unavailable(cause)))
        .finally(() => clearTimeout(timer));
    });
  }
}

async function tryOften<T>(work: () => Promise<T>, isLate: () => boolean): Promise<T> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await work();
    } catch (error) {
      if (tried === TRIES || isLate() || !isTransient(error)) throw error;
      await sleep(Math.random() * Math.min(PAUSE_MAX, 20 * 2 ** tried));
    }
  }
}

const unavailable = (cause: unknown): RevocationError =>
  cause instanceof RevocationError ? cause : new RevocationError('unavailable', { cause });
