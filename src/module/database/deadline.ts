import { asRefusal } from '../revocation.errors.js';
import { retried, TRIES } from './retry.js';
import { InsideTransaction } from './surrounding-transaction.js';

/** Counts since the process started. */
export interface DatabaseUse {
  /** Work in progress, including abandoned work. */
  underWay: number;
  /** Retries after a transient error. */
  retries: number;
  /** Work for which the database did not answer in time. */
  late: number;
  /** Work rejected because too much was in progress. */
  refused: number;
}

/** Limits the total time a request waits for the database: pool, locks, network and retries. @publicApi */
export class DatabaseDeadline {
  private readonly seen: DatabaseUse = { underWay: 0, retries: 0, late: 0, refused: 0 };

  /**
   * @param timeoutMs milliseconds; drivers' own limits do not include waiting for a connection
   * @param most most work in progress; work for a hanging database stays in memory, so more is rejected immediately
   */
  constructor(
    private readonly timeoutMs: number,
    private readonly most = Number.POSITIVE_INFINITY,
  ) {}

  get use(): Readonly<DatabaseUse> {
    return this.seen;
  }

  /**
   * Runs `work` and retries it with growing pauses after a transient error.
   *
   * @param work gets a function that returns whether the time is over, so that nobody waits for it any more
   * @throws RevocationError `unavailable` if the database fails, does not answer in time, or has too many requests
   *   waiting; InsideTransaction. Work in progress may still be committed, so `work` must be safe to repeat.
   */
  run<T>(work: (isLate: () => boolean) => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.seen.underWay >= this.most) {
        this.seen.refused += 1;
        throw unavailable(
          new Error(`${this.most} other statements or transactions are already waiting for the database`),
        );
      }
      let isLate = false;
      const timer = setTimeout(() => {
        isLate = true;
        this.seen.late += 1;
        reject(unavailable(new Error(`no answer within ${this.timeoutMs} ms`)));
      }, this.timeoutMs).unref();
      this.seen.underWay += 1;
      const ended =
        <Value>(settle: (value: Value) => void) =>
        (value: Value): void => {
          this.seen.underWay -= 1;
          clearTimeout(timer);
          settle(value);
        };
      this.tryOften(work, () => isLate).then(
        ended(resolve),
        ended((cause: unknown) => reject(unavailable(cause))),
      );
    });
  }

  private tryOften<T>(work: (isLate: () => boolean) => Promise<T>, isLate: () => boolean): Promise<T> {
    let tries = 0;
    const counted = (): Promise<T> => {
      if (tries > 0) this.seen.retries += 1;
      tries += 1;
      return work(isLate);
    };
    return retried(counted, (tried) => tried < TRIES && !isLate());
  }
}

const unavailable = (cause: unknown): Error => (cause instanceof InsideTransaction ? cause : asRefusal(cause));
