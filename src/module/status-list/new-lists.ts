import { setTimeout as sleep } from 'node:timers/promises';
import { isUuid } from '../database/uuid.js';

/** Time that a look-up waits for others to join it, in milliseconds. */
const JOIN_MS = 100;

/**
 * Looks for lists that another node may have begun since this one read them all. However many unknown ids are asked for, there is
 * one look-up at a time, and at most ten in a second.
 */
export class NewLists {
  private next: Promise<ReadonlySet<string>> | undefined;
  private last: Promise<unknown> | undefined;

  /** @param read returns the ids of all lists */
  constructor(private readonly read: () => Promise<string[]>) {}

  /** Returns whether there is a list with this id. The look-up begins after the call. @throws the error of `read` */
  async include(id: string): Promise<boolean> {
    if (!isUuid(id)) return false;
    this.next ??= this.lookUp(this.last);
    return (await this.next).has(id);
  }

  private async lookUp(last: Promise<unknown> | undefined): Promise<ReadonlySet<string>> {
    await Promise.all([sleep(JOIN_MS), last]);
    this.next = undefined;
    const ids = this.read();
    this.last = ids.catch(() => {});
    return new Set(await ids);
  }
}
