import { AsyncLocalStorage } from 'node:async_hooks';
import { Departure } from './departure.js';
import { isDriverError } from './driver-errors.js';

/** Most keys of one statement; a power of two. */
const KEYS_MAX = 128;
/** Most statements of one kind under way. */
const AT_ONCE = 2;
/** Milliseconds after which a statement no longer holds up others. */
const SLOW_MS = 100;

/** A key, and those who asked for it before it was sent. */
interface Asked<Row> {
  answer: Promise<Row | undefined>;
  resolve: (row: Row | undefined) => void;
  reject: (error: unknown) => void;
}

type Batch<Row> = ReadonlyMap<string, Asked<Row>>;

/**
 * Look-ups by key that wait at the same time share one statement. A batch leaves at the end of a turn of the event loop, or sooner
 * while nobody joins, but always after each of its members asked: a look-up that starts after a commit is answered by a statement
 * that starts after it. Nothing is kept after the answer.
 *
 * The statement belongs to none of the requests: it runs outside of their asynchronous contexts and their deadlines. Never use it
 * for a read in a transaction or one that locks.
 */
export class BatchedRead<Row> {
  private readonly outside = AsyncLocalStorage.snapshot();
  private waiting = new Map<string, Asked<Row>>();
  private readonly departure = new Departure();
  private underWay = 0;
  private isLeaving = false;

  /**
   * @param read rows by key, in autocommit on the primary. Keys may be repeated: their number is a power of two, so that the
   *   database sees few different statements
   */
  constructor(private readonly read: (keys: readonly string[]) => Promise<ReadonlyMap<string, Row>>) {}

  /**
   * Returns the row with this key. It may be shared: do not change it.
   *
   * @throws Error of the driver. If repeating the statement may help, all members of the batch get it; otherwise only those who
   *   alone cause it
   */
  find(key: string): Promise<Row | undefined> {
    this.departure.asked();
    let asked = this.waiting.get(key);
    if (!asked) {
      asked = newlyAsked();
      this.waiting.set(key, asked);
      this.leaveSoon();
    }
    return asked.answer;
  }

  private leaveSoon(): void {
    if (this.isLeaving || this.waiting.size === 0 || this.underWay >= AT_ONCE) return;
    this.isLeaving = true;
    this.outside(() => this.departure.next(() => this.leave()));
  }

  private leave(): void {
    this.isLeaving = false;
    void this.send(this.taken());
    this.leaveSoon();
  }

  /** Those who have waited longest leave first. */
  private taken(): Batch<Row> {
    const all = [...this.waiting];
    this.waiting = new Map(all.slice(KEYS_MAX));
    return new Map(all.slice(0, KEYS_MAX));
  }

  private async send(batch: Batch<Row>): Promise<void> {
    let isCounted = true;
    const done = (): void => {
      if (isCounted) this.underWay -= 1;
      isCounted = false;
      this.leaveSoon();
    };
    this.underWay += 1;
    const slow = setTimeout(done, SLOW_MS).unref();
    await this.answer(batch);
    clearTimeout(slow);
    done();
  }

  private async answer(batch: Batch<Row>): Promise<void> {
    try {
      const rows = await this.read(padded([...batch.keys()]));
      for (const [key, { resolve }] of batch) resolve(rows.get(key));
    } catch (error) {
      if (batch.size > 1 && !isDriverError(error, 'transient')) {
        // One of them may have caused it.
        await Promise.all([...batch].map((one) => this.answer(new Map([one]))));
      } else {
        for (const { reject } of batch.values()) reject(error);
      }
    }
  }
}

function newlyAsked<Row>(): Asked<Row> {
  const asked = {} as Asked<Row>;
  asked.answer = new Promise((resolve, reject) => Object.assign(asked, { resolve, reject }));
  return asked;
}

/** Repeats the last key up to the next power of two. */
export function padded(keys: readonly string[]): readonly string[] {
  if (keys.length === 1) return keys;
  const length = 2 ** Math.ceil(Math.log2(keys.length));
  return Array.from({ length }, (_, i) => keys[Math.min(i, keys.length - 1)]!);
}
