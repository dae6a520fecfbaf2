import type { Cli } from '../cli.js';

const WIDTH = 30;
const EVERY_MS = 200;

/** Shows on a terminal how many are done, until it is stopped. @param done returns how many */
export function showProgress(cli: Cli, total: number, done: () => number): { stop: () => void } {
  if (!cli.isWatched) return { stop: () => {} };
  const [begun, before] = [performance.now(), done()];
  const show = (): void => {
    const perSecond = ((done() - before) * 1000) / (performance.now() - begun);
    const left = perSecond > 0 ? `, ${Math.ceil((total - done()) / perSecond)} s left` : '';
    const bar = '#'.repeat(Math.floor((WIDTH * done()) / total)).padEnd(WIDTH, '.');
    cli.err(`\r[${bar}] ${done()} of ${total}, ${Math.round(perSecond)} per second${left}\u001B[K`);
  };
  const timer = setInterval(show, EVERY_MS);
  const stop = (): void => {
    clearInterval(timer);
    show();
    cli.err('\n');
  };
  return { stop };
}
