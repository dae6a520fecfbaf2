import { setTimeout as sleep } from 'node:timers/promises';
import { TooOften } from './outcome.js';

/** How long to wait for a server that limits the rate of calls, in seconds. */
const LONGEST = 60;

/** Waits if the server asks for it. After one wait without success it never waits again, so that the run ends. */
export class Patience {
  private isOver = false;

  /** @param onWait called with the number of seconds before it waits */
  constructor(private readonly onWait: (seconds: number) => void) {}

  /**
   * Does the work. If the server limits the rate of calls, waits and repeats all of it, because signed requests expire.
   *
   * @throws TooOften if the server asks for more than a minute, or asks again
   */
  async during<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      const seconds = error instanceof TooOften ? error.retryAfter : undefined;
      if (seconds === undefined || seconds > LONGEST || this.isOver) throw error;
      this.onWait(seconds);
      await sleep(seconds * 1000);
    }
    this.isOver = true;
    const result = await work();
    this.isOver = false;
    return result;
  }
}
