import { RevocationError } from '../revocation.errors.js';
import { retried, TRIES } from './retry.js';

/** What a deadline has seen since the process began. */
export interface DatabaseUse {
  /** Pieces of work under way now, those included that nobody waits for any more. */
  underWay: number;
  /** Tries after a passing fault. */
  retries: number;
  /** Pieces of work that were not answered in time. */
  late: number;
  /** Pieces of work that were refused because too many were under way. */
  refused: number;
}

/** Waits at most this long for the database, everything included: pool, lock, network, retries. @publicApi */
export class DatabaseDeadline {
  private readonly seen: DatabaseUse = { underWay: 0, retries: 0, late: 0, refused: 0 };

  /**
   * @param timeoutMs milliseconds; drivers' own limits do not cover waiting for a connection
   * @param most pieces of work that may be under way at a time: what a database that hangs is asked stays in memory until it
   *   goes on, so that more of it is refused at once
   */
  constructor(
    private readonly timeoutMs: number,
    private readonly most = Number.POSITIVE_INFINITY,
  ) {}

  get use(): Readonly<DatabaseUse> {
    return this.seen;
  }

  /**
   * Runs `work`, again after a passing fault, a little later each time.
   *
   * @throws RevocationError `unavailable` when the database fails or does not answer in time, or too many others wait for it.
   *   What was under way may still be committed then: `work` must be safe to repeat.
   */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.seen.underWay >= this.most) {
      this.seen.refused += 1;
      throw unavailable(new Error(`${this.most} others wait for the database`));
    }
    return new Promise((resolve, reject) => {
      let isLate = false;
      const timer = setTimeout(() => {
        isLate = true;
        this.seen.late += 1;
        reject(unavailable(new Error(`no answer within ${this.timeoutMs} ms`)));
      }, this.timeoutMs).unref();
      this.seen.underWay += 1;
      void this.tryOften(work, () => isLate)
        .then(resolve, (cause: unknown) => reject(unavailable(cause)))
        .finally(() => {
          this.seen.underWay -= 1;
          clearTimeout(timer);
        });
    });
  }

  private tryOften<T>(work: () => Promise<T>, isLate: () => boolean): Promise<T> {
    let tries = 0;
    const counted = (): Promise<T> => {
      if (tries > 0) this.seen.retries += 1;
      tries += 1;
      return work();
    };
    return retried(counted, (tried) => tried < TRIES && !isLate());
  }
}

const unavailable = (cause: unknown): RevocationError =>
  cause instanceof RevocationError ? cause : new RevocationError('unavailable', { cause });
