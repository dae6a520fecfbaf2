import { AsyncLocalStorage } from 'node:async_hooks';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { BatchedRead } from '../../../src/module/database/batched-read.js';
import { DatabaseDeadline } from '../../../src/module/database/deadline.js';

/** A statement that ends when it is told to. */
interface Sent {
  keys: readonly string[];
  answer: () => void;
  fail: (error: unknown) => void;
}

/** Reads whose rows are their keys in capitals. */
function held() {
  const sent: Sent[] = [];
  const reads = new BatchedRead<string>((keys) => {
    return new Promise((resolve, reject) => {
      const answer = () => resolve(new Map(keys.map((key) => [key, key.toUpperCase()])));
      sent.push({ keys, answer, fail: reject });
    });
  });
  return { sent, reads };
}

const names = (count: number): string[] => Array.from({ length: count }, (_, i) => `key-${i}`);
const transient = (): Error => Object.assign(new Error('deadlock'), { errno: 1213 });
const own = (): Error => Object.assign(new Error('no such character'), { errno: 1267 });

/** From here on no statement is slow unless the test says so. */
const stopClock = () => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });

describe('batched reads', () => {
  afterEach(() => void vi.useRealTimers());

  test('a single look-up leaves in the same turn of the event loop', async () => {
    const { sent, reads } = held();
    const found = reads.find('a');
    await turn();
    expect(sent.map(({ keys }) => keys)).toEqual([['a']]);
    sent[0]!.answer();
    expect(await found).toBe('A');
  });

  test('look-ups of one turn share a statement, and equal keys are asked once', async () => {
    const { sent, reads } = held();
    const found = Promise.all(['a', 'b', 'a', 'c', 'd'].map((key) => reads.find(key)));
    await turn();
    expect(sent.map(({ keys }) => keys)).toEqual([['a', 'b', 'c', 'd']]);
    sent[0]!.answer();
    expect(await found).toEqual(['A', 'B', 'A', 'C', 'D']);
  });

  test('after look-ups that came alone, the next leaves before the turn ends, and later ones share statements again', async () => {
    const sent: string[][] = [];
    const reads = new BatchedRead<string>(async (keys) => {
      sent.push([...new Set(keys)]);
      return new Map(keys.map((key) => [key, key.toUpperCase()]));
    });
    for (const key of names(8)) await reads.find(key);
    let hasEnded = false;
    setImmediate(() => (hasEnded = true));
    expect(await reads.find('alone')).toBe('ALONE');
    expect(hasEnded).toBe(false);
    // Each asks in a microtask of its own, as requests do whose database answers at once.
    const storm = names(40).map(async (key, i) => {
      for (let ticks = 0; ticks < 4 * i; ticks += 1) await Promise.resolve();
      return reads.find(key);
    });
    expect(await Promise.all(storm)).toEqual(names(40).map((key) => key.toUpperCase()));
    expect(sent.at(-1)!.length).toBeGreaterThan(20);
  });

  test('look-ups of one request share a statement also when they leave before the turn ends', async () => {
    const sent: string[][] = [];
    const reads = new BatchedRead<string>(async (keys) => {
      sent.push([...keys]);
      return new Map();
    });
    for (let request = 0; request < 12; request += 1) await Promise.all(['a', 'b'].map((key) => reads.find(key)));
    expect(sent).toEqual(Array.from({ length: 12 }, () => ['a', 'b']));
  });

  test('a key without a row gets none', async () => {
    const reads = new BatchedRead<string>(async () => new Map([['a', 'A']]));
    expect(await Promise.all([reads.find('a'), reads.find('b')])).toEqual(['A', undefined]);
  });

  test('a look-up after its key was sent is a statement of its own: nothing is kept or joined', async () => {
    const { sent, reads } = held();
    const first = reads.find('a');
    await turn();
    const second = reads.find('a');
    await turn();
    expect(sent.map(({ keys }) => keys)).toEqual([['a'], ['a']]);
    for (const statement of sent) statement.answer();
    expect(await Promise.all([first, second])).toEqual(['A', 'A']);
    const third = reads.find('a');
    await turn();
    expect(sent).toHaveLength(3);
    sent[2]!.answer();
    expect(await third).toBe('A');
  });

  test('the number of keys is a power of two, the last one repeated', async () => {
    const { sent, reads } = held();
    const found = Promise.all(names(5).map((key) => reads.find(key)));
    await turn();
    expect(sent[0]!.keys).toEqual([...names(5), 'key-4', 'key-4', 'key-4']);
    sent[0]!.answer();
    expect(await found).toEqual(names(5).map((key) => key.toUpperCase()));
  });

  test('a thousand waiting keys leave in their order, at most 128 in a statement and 2 statements at once', async () => {
    stopClock();
    const { sent, reads } = held();
    const answered: string[] = [];
    const all = Promise.all(names(1000).map(async (key) => answered.push((await reads.find(key))!)));
    const left: string[] = [];
    while (left.length < 1000) {
      await expect.poll(() => sent.length).toBeGreaterThan(0);
      await turn();
      expect(sent.length).toBeLessThanOrEqual(2);
      const { keys, answer } = sent.shift()!;
      expect(keys.length).toBeLessThanOrEqual(128);
      left.push(...new Set(keys));
      answer();
    }
    await all;
    expect(left).toEqual(names(1000));
    expect(answered).toEqual(names(1000).map((key) => key.toUpperCase()));
  });

  test('slow statements hold up others only for a moment', async () => {
    const clock = stopClock();
    const { sent, reads } = held();
    const slow = [reads.find('a')];
    await turn();
    slow.push(reads.find('b'));
    await turn();
    const found = reads.find('c');
    await turn();
    expect(sent.map(({ keys }) => keys)).toEqual([['a'], ['b']]);
    clock.advanceTimersByTime(100);
    await turn();
    expect(sent.map(({ keys }) => keys)).toEqual([['a'], ['b'], ['c']]);
    sent[2]!.answer();
    expect(await found).toBe('C');
    for (const statement of sent) statement.answer();
    expect(await Promise.all(slow)).toEqual(['A', 'B']);
    // A late end frees no second place.
    for (const key of ['d', 'e', 'f']) {
      void reads.find(key);
      await turn();
    }
    expect(sent).toHaveLength(5);
  });

  test('an error that one key causes reaches only those who asked for it', async () => {
    const statements: string[][] = [];
    const reads = new BatchedRead<string>(async (keys) => {
      statements.push([...keys]);
      if (keys.includes('bad')) throw own();
      return new Map(keys.map((key) => [key, key.toUpperCase()]));
    });
    const found = await Promise.allSettled(['a', 'bad', 'b', 'bad'].map((key) => reads.find(key)));
    expect(found.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'rejected']);
    expect(statements).toEqual([['a', 'bad', 'b', 'b'], ['a'], ['bad'], ['b']]);
  });

  test('a transient error reaches all members, and each repeats its look-up within its own deadline', async () => {
    const { sent, reads } = held();
    const deadline = new DatabaseDeadline(60_000);
    const found = Promise.all(['a', 'b'].map((key) => deadline.run(() => reads.find(key))));
    await turn();
    sent[0]!.fail(transient());
    await expect
      .poll(() => {
        for (const statement of sent.slice(1)) statement.answer();
        return new Set(sent.slice(1).flatMap(({ keys }) => keys));
      })
      .toEqual(new Set(['a', 'b']));
    expect(await found).toEqual(['A', 'B']);
    expect(deadline.use.retries).toBe(2);
  });

  test('a deadline applies to its member only: the others still get the answer', async () => {
    const { sent, reads } = held();
    const hasty = new DatabaseDeadline(20).run(() => reads.find('a'));
    const patient = new DatabaseDeadline(60_000).run(() => reads.find('a'));
    await expect(hasty).rejects.toMatchObject({ reason: 'unavailable', status: 503 });
    expect(sent).toHaveLength(1);
    sent[0]!.answer();
    expect(await patient).toBe('A');
  });

  test('the statement runs outside of the contexts of its members, which keep their own', async () => {
    const requests = new AsyncLocalStorage<string>();
    const seen: unknown[] = [];
    const reads = new BatchedRead<string>(async (keys) => {
      seen.push(requests.getStore());
      return new Map(keys.map((key) => [key, key]));
    });
    const members = ['a', 'b'].map((key) =>
      requests.run(key, async () => {
        await reads.find(key);
        return requests.getStore();
      }),
    );
    expect(await Promise.all(members)).toEqual(['a', 'b']);
    expect(seen).toEqual([undefined]);
  });

  test('when the database is closed, every waiting look-up gets the error', async () => {
    const { sent, reads } = held();
    const found = Promise.allSettled(names(300).map((key) => reads.find(key)));
    let closed = 0;
    const close = (): number => {
      for (const { keys, fail } of sent.splice(0)) {
        closed += new Set(keys).size;
        fail(Object.assign(new Error('closed'), { code: 'ECONNRESET' }));
      }
      return closed;
    };
    await expect.poll(close).toBe(300);
    expect(new Set((await found).map(({ status }) => status))).toEqual(new Set(['rejected']));
  });
});
