import { Injectable } from '@nestjs/common';

/** Remembers whether the server is about to stop. */
@Injectable()
export class Draining {
  private hasBegun = false;
  private readonly listeners: Array<() => void> = [];

  get isDraining(): boolean {
    return this.hasBegun;
  }

  begin(): void {
    this.hasBegun = true;
    for (const listener of this.listeners) listener();
  }

  /** @param listener called when the server is about to stop */
  onBegin(listener: () => void): void {
    this.listeners.push(listener);
  }
}
