import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Returns what the work gives. A test whose failure would be to wait fails with this error: a time-out of Vitest's could as well
 * be that of a slow machine.
 *
 * @param ms in milliseconds
 * @throws Error 'still waiting' when the work takes longer
 */
export const within = <T>(ms: number, work: Promise<T>): Promise<T> =>
  Promise.race([
    work,
    sleep(ms, undefined, { ref: false }).then((): never => {
      throw new Error('still waiting');
    }),
  ]);
