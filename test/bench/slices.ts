import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

/** What a slice sends, over and over. */
export interface Sending {
  method: string;
  headers: Record<string, string>;
  body: string;
  connections: number;
  milliseconds: number;
}

/** Answers per second of two servers, slice by slice. */
export interface Slices {
  first: number[];
  second: number[];
}

/**
 * Asks two servers in turns, in slices so short that whatever else the machine does falls on both. Which one begins a pair
 * changes, so that a drift does not count.
 */
export async function inTurns(urls: readonly [string, string], pairs: number, sending: Sending): Promise<Slices> {
  const sender = new Worker(new URL('sender.mjs', import.meta.url), { workerData: sending });
  const slice = async (url: string): Promise<number> => {
    const done = once(sender, 'message') as Promise<[number]>;
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
    sender.postMessage(url);
    return (await done)[0];
  };
  const slices: Slices = { first: [], second: [] };
  try {
    for (const url of urls) for (let warmUp = 0; warmUp < 10; warmUp += 1) await slice(url);
    for (let pair = 0; pair < pairs; pair += 1) {
      const order = pair % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const);
      for (const i of order) slices[i === 0 ? 'first' : 'second'].push(await slice(urls[i]));
    }
  } finally {
    await sender.terminate();
  }
  return slices;
}
