import { Inject, Injectable } from '@nestjs/common';
import type { LiveCounts, SweepBatch, SweepTarget } from '../revocation/sweep/revocation-sweep.js';
import { HELD_DAYS, HeldEvents } from './held-events.js';
import { Streams } from './streams.js';

/** Time between two looks of this process, in milliseconds. */
const EVERY_MS = 600_000;

/** Gives up events that nobody has fetched for a week, and pauses their streams. Sends what should not be held any more. */
@Injectable()
export class HeldExpiry implements SweepTarget {
  private lookedAt = -Infinity;

  constructor(
    @Inject(Streams) private readonly streams: Streams,
    @Inject(HeldEvents) private readonly held: HeldEvents,
  ) {}

  /** What others are told does not end with a user. */
  count(): Promise<LiveCounts> {
    return Promise.resolve({});
  }

  sweep(): Promise<SweepBatch> {
    return Promise.resolve({ sessions: 0, tokens: 0, isDone: true });
  }

  async purge(): Promise<number> {
    if (performance.now() - this.lookedAt < EVERY_MS) return 0;
    this.lookedAt = performance.now();
    for (const stream of await this.streams.all()) {
      await this.streams.sendHeld(stream.id);
      const reason = `the stream holds events that nobody has fetched for ${HELD_DAYS} days`;
      const expired = await this.held.expire(stream.id, reason);
      if (expired > 0) await this.streams.pause(stream.id, reason);
    }
    return 0;
  }
}
