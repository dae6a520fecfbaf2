import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { ThrottlerStorageService } from '@nestjs/throttler';
import { networkOf } from '../../module/caller/rate-limits.js';
import { sha256Hex } from '../../module/database/digest.js';
import { OP_OPTIONS, type OpOptions } from './op.options.js';

/** Tries are counted for so long, and one too many makes their source wait for so long. */
const WINDOW_MS = 300_000;

/**
 * Counts passwords before they are checked, so that many at once are no way around it. They are counted for each source:
 * whoever guesses locks nobody else out.
 *
 * @see NIST SP 800-63B §5.2.2
 */
@Injectable()
export class SignInTries implements OnApplicationShutdown {
  private readonly limit: number;
  private readonly counts = new ThrottlerStorageService();

  constructor(@Inject(OP_OPTIONS) { signInTries = 0 }: OpOptions) {
    this.limit = signInTries;
  }

  onApplicationShutdown(): void {
    this.counts.onApplicationShutdown();
  }

  /** @returns for how many seconds the password must not be checked; 0: go ahead */
  async secondsToWait(source: string, identifier: string): Promise<number> {
    if (this.limit === 0) return 0;
    const key = sha256Hex(JSON.stringify([networkOf(source), identifier.toLowerCase()]));
    const count = await this.counts.increment(key, WINDOW_MS, this.limit, WINDOW_MS, 'sign-in');
    return count.isBlocked ? Math.max(1, count.timeToBlockExpire) : 0;
  }
}
