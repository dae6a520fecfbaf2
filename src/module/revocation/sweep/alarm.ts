/** Waits that somebody can cut short. */
export class Alarm {
  private wake: (() => void) | undefined;
  private hasRung = false;

  /** Ends the wait; when nobody waits, the next wait. */
  ring(): void {
    this.hasRung = true;
    this.wake?.();
  }

  /** Waits for so many milliseconds, or until it rings. Does not keep the process alive. */
  async wait(ms: number): Promise<void> {
    if (!this.hasRung) {
      await new Promise<void>((resolve) => {
        this.wake = resolve;
        setTimeout(resolve, ms).unref();
      });
    }
    this.hasRung = false;
  }
}
