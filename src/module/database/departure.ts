/** After how many batches that nobody joined while they waited the next ones do not wait. */
const UNJOINED = 8;
/** Every so many batches, one waits nevertheless, to see whether somebody joins. */
const PROBE = 16;

const done = Promise.resolve();

/**
 * Decides when a batch leaves: at the end of the turn of the event loop, so that other requests can join it. While nobody joins, it
 * leaves as soon as the request that asks has asked for all it needs, because a turn takes longer than many a statement.
 */
export class Departure {
  private asks = 0;
  /** Consecutive batches that nobody joined. */
  private unjoined = 0;

  /** To be called whenever somebody asks. */
  asked(): void {
    this.asks += 1;
  }

  /** Calls `leave` when the next batch is to leave. Whoever asks before that joins it. */
  next(leave: () => void): void {
    const waits = this.unjoined < UNJOINED || this.unjoined % PROBE === 0;
    this.unjoined += 1;
    let ownAsks = Infinity;
    void done.then(() => (waits ? (ownAsks = this.asks) : leave()));
    if (!waits) return;
    setImmediate(() => {
      if (this.asks > ownAsks) this.unjoined = 0;
      leave();
    });
  }
}
