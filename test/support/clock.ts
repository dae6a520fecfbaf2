import { beforeAll } from 'vitest';

/**
 * A clock for the tests of this file or `describe`: `Date.now()` and `performance.now()` of this process. Timers are real.
 *
 * @returns lets so many milliseconds pass at once; the clock does not go back before the last test
 */
export function clock(): (ms: number) => void {
  let ahead = 0;
  beforeAll(() => {
    const [date, shown] = [Date.now, performance.now.bind(performance)];
    Date.now = () => date() + ahead;
    performance.now = () => shown() + ahead;
    return () => {
      Date.now = date;
      performance.now = shown;
    };
  });
  return (ms) => void (ahead += ms);
}
