/** Time after a failed load without another try, in milliseconds. */
const COOLDOWN_MS = 1000;

/** How long a value is used, in times of `performance.now()`, which follow no change of the clock. */
export interface Lifetime {
  /** From then on a newer value is loaded in the background. */
  refreshAt: number;
  /** From then on a request waits for the newer value, and gets the old one if loading fails. */
  staleAt: number;
  /** From then on the old value is not used at all. */
  deadAt: number;
}

/** Loads a value when it is needed, once for all requests that wait for it, and keeps it for its lifetime. */
export class Kept<T extends Lifetime> {
  private value: T | undefined;
  private running: Promise<T> | undefined;
  private failed: { at: number; error: unknown } | undefined;

  /** @param load receives the value that is kept, if there is one */
  constructor(private readonly load: (held: T | undefined) => Promise<T>) {}

  /** @throws the error of the last load if there is no value that can be used */
  async get(): Promise<T> {
    const { value } = this;
    if (!value) return this.refresh();
    const now = performance.now();
    if (now < value.refreshAt) return value;
    const refreshed = this.refresh().catch((error: unknown) => {
      if (performance.now() >= value.deadAt) throw error;
      return value;
    });
    if (now >= value.staleAt) return refreshed;
    refreshed.catch(() => {}); // requests after staleAt get the error
    return value;
  }

  private async refresh(): Promise<T> {
    if (this.failed && performance.now() < this.failed.at + COOLDOWN_MS) throw this.failed.error;
    this.running ??= this.load(this.value).finally(() => (this.running = undefined));
    try {
      this.value = await this.running;
      this.failed = undefined;
      return this.value;
    } catch (error) {
      this.failed = { at: performance.now(), error };
      throw error;
    }
  }
}
