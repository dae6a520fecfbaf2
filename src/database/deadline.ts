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
  async run<T>(work: () => Promise<T>): Promise<T> {
    const timer = new AbortController();
    const late = sleep(this.timeoutMs, undefined, { signal: timer.signal, ref: false }).then(() => {
      throw new RevocationError('unavailable', { cause: new Error(`no answer within ${this.timeoutMs} ms`) });
    });
    late.catch(() => {}); // aborted when the work is done first
    try {
      return await Promise.race([this.tryOften(work, timer.signal), late]);
    } catch (cause) {
      throw cause instanceof RevocationError ? cause : new RevocationError('unavailable', { cause });
    } finally {
      timer.abort();
    }
  }

  private async tryOften<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    for (let tried = 1; ; tried += 1) {
      try {
        return await work();
      } catch (error) {
        if (tried === TRIES || signal.aborted || !isTransient(error)) throw error;
        await sleep(Math.random() * Math.min(PAUSE_MAX, 20 * 2 ** tried));
      }
    }
  }
}
