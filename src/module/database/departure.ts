/** If nobody joined this many batches in a row, the next ones do not wait. */
const UNJOINED = 8;
/** One batch in this many still waits, to see whether somebody joins. */
const PROBE = 16;

const resolved = Promise.resolve();

/**
 * Decides when a batch leaves: at the end of the turn of the event loop, so that other requests can join it. While nobody joins, it
 * leaves as soon as the request that asks has asked for all it needs, because the rest of the turn often takes longer than the
 * statement.
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
    if (!waits) {
      void resolved.then(leave);
      return;
    }
    let ownAsks = Infinity;
    void resolved.then(() => (ownAsks = this.asks));
    setImmediate(() => {
      if (this.asks > ownAsks) this.unjoined = 0;
      leave();
    });
  }
}
