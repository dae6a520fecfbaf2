import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { Departure } from '../../../src/module/database/departure.js';

describe('when a batch leaves', () => {
  /** Lets batches leave one after another, and says which ones left before the turn of the event loop ended. */
  const early = async (departure: Departure, ...joins: boolean[]): Promise<number[]> => {
    const batches: number[] = [];
    for (const [i, isJoined] of joins.entries()) {
      let hasLeft = false;
      departure.asked();
      departure.next(() => (hasLeft = true));
      departure.asked(); // by the same request
      await Promise.resolve();
      if (hasLeft) batches.push(i);
      else if (isJoined) departure.asked();
      await turn();
      expect(hasLeft).toBe(true);
    }
    return batches;
  };
  const unjoined = (batches: number): boolean[] => Array.from({ length: batches }, () => false);

  test('at the end of the turn, until nobody has joined eight of them', async () => {
    expect(await early(new Departure(), ...unjoined(9))).toEqual([8]);
  });

  test('every sixteenth at the end of the turn in any case, and all of them once somebody joins one', async () => {
    const departure = new Departure();
    expect(await early(departure, ...unjoined(32))).toEqual([8, 9, 10, 11, 12, 13, 14, 15, ...later(17, 32)]);
    expect(await early(departure, true, ...unjoined(9))).toEqual([9]);
  });
});

const later = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);
