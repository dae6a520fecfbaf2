/** A wait that can be cut short. */
export class Alarm {
  private wake: (() => void) | undefined;
  private hasRung = false;

  /** Ends the current wait, or the next one if nothing waits. */
  ring(): void {
    this.hasRung = true;
    this.wake?.();
  }

  /** Waits for `ms` milliseconds or until {@link ring}. Does not keep the process alive. */
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
