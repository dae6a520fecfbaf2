import { Injectable } from '@nestjs/common';

/** Remembers whether the server is about to stop. */
@Injectable()
export class Draining {
  private hasBegun = false;

  get isDraining(): boolean {
    return this.hasBegun;
  }

  begin(): void {
    this.hasBegun = true;
  }
}
