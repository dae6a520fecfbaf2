import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

/** What a slice sends, over and over. */
export interface Sending {
  method: string;
  headers: Record<string, string>;
  /** For each URL, the bodies that are sent in turn. */
  bodies: Record<string, string[]>;
  connections: number;
  milliseconds: number;
}

/**
 * Asks the servers of these URLs in turns, in slices so short that whatever else the machine does falls on all. Which one begins a
 * round changes, so that a drift does not count.
 *
 * @returns answers per second of each server, slice by slice
 */
export async function inTurns(urls: readonly string[], rounds: number, sending: Sending): Promise<number[][]> {
  const sender = new Worker(new URL('sender.mjs', import.meta.url), { workerData: sending });
  const slice = async (url: string): Promise<number> => {
    const done = once(sender, 'message') as Promise<[number]>;
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
    sender.postMessage(url);
    return (await done)[0];
  };
  const slices: number[][] = urls.map(() => []);
  try {
    for (const url of urls) for (let warmUp = 0; warmUp < 10; warmUp += 1) await slice(url);
    for (let round = 0; round < rounds; round += 1) {
      for (let turn = 0; turn < urls.length; turn += 1) {
        const i = (round + turn) % urls.length;
        slices[i]!.push(await slice(urls[i]!));
      }
    }
  } finally {
    await sender.terminate();
  }
  return slices;
}
