import { setTimeout as sleep } from 'node:timers/promises';

/** How much may be caught up after a delay, in milliseconds; timers are no more precise than that. */
const CATCH_UP_MS = 50;

/** Returns a function that resolves at most `rate` times per second, and at once when `stop` is aborted. */
export function pacer(rate: number, stop: AbortSignal): () => Promise<void> {
  let next = performance.now();
  let last = Promise.resolve();
  const wait = async (): Promise<void> => {
    const now = performance.now();
    const at = Math.max(next, now - CATCH_UP_MS);
    next = at + 1000 / rate;
    if (at > now) await sleep(at - now, undefined, { signal: stop }).catch(() => {}); // aborted
  };
  return () => (last = last.then(wait));
}
