import { syncBuiltinESMExports } from 'node:module';
import timers from 'node:timers/promises';
import { onTestFinished } from 'vitest';

/**
 * Shortens a time limit of the code under test until the test ends: a timer of exactly `ms` milliseconds goes off after `instead`,
 * any other timer when it should.
 *
 * @returns how many timers were shortened so far: none if the limit is another
 */
export function shorten(ms: number, instead: number): () => number {
  const real = { timer: globalThis.setTimeout, sleep: timers.setTimeout, abort: AbortSignal.timeout.bind(AbortSignal) };
  const use = ({ timer, sleep, abort }: typeof real): void => {
    globalThis.setTimeout = timer;
    timers.setTimeout = sleep;
    AbortSignal.timeout = abort;
    syncBuiltinESMExports(); // for those who import by name
  };
  let count = 0;
  const short = <T>(asked: T): T | number => {
    if (asked !== ms) return asked;
    count += 1;
    return instead;
  };
  use({
    timer: ((work: () => void, asked: number, ...args: []) =>
      real.timer(work, short(asked), ...args)) as typeof setTimeout,
    sleep: (asked, ...rest) => real.sleep(short(asked), ...rest),
    abort: (asked) => real.abort(short(asked)),
  });
  onTestFinished(() => use(real));
  return () => count;
}
