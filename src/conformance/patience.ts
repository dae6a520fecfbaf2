import { setTimeout as sleep } from 'node:timers/promises';
import { TooOften } from './outcome.js';

/** Longest time to wait for a server that limits how often it is called, in seconds. */
const LONGEST = 60;

/** Waits where the server asks for it. When that was in vain once, it is not done again: a run has to end. */
export class Patience {
  private isOver = false;

  /** @param onWait told for how many seconds, before */
  constructor(private readonly onWait: (seconds: number) => void) {}

  /**
   * Does the work; when the server is called too often, the whole of it again after the pause, as what is signed expires.
   *
   * @throws TooOften when it asks for more than a minute, or again
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
