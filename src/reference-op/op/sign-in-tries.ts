import { Inject, Injectable } from '@nestjs/common';
import { networkOf } from 'nestjs-global-revocation';
import { sha256Hex } from 'nestjs-global-revocation/administration';
import { OP_OPTIONS, type OpOptions } from './op.options.js';

/** Wrong passwords are counted for so long from the first one. */
const WINDOW_MS = 300_000;

interface Tries {
  count: number;
  endsAt: number;
}

/**
 * Limits wrong passwords per source and account: whoever guesses locks nobody else out. A password counts before it is
 * checked, so that many at once are no way around the limit; a right one no longer counts afterwards.
 *
 * @see NIST SP 800-63B §5.2.2
 */
@Injectable()
export class SignInTries {
  private readonly limit: number;
  /** The one whose window ends first comes first. */
  private readonly tries = new Map<string, Tries>();

  constructor(@Inject(OP_OPTIONS) { signInTries = 0 }: OpOptions) {
    this.limit = signInTries || Infinity;
  }

  /** @returns for how many seconds the password must not be checked; 0: go ahead */
  secondsToWait(source: string, identifier: string): number {
    const { count, endsAt } = this.of(source, identifier);
    return count >= this.limit ? Math.ceil((endsAt - Date.now()) / 1000) : 0;
  }

  /** Counts a check unless it finds an account, or fails for another reason than the password. */
  async count(
    source: string,
    identifier: string,
    check: () => Promise<string | undefined>,
  ): Promise<string | undefined> {
    const tries = this.of(source, identifier);
    tries.count += 1;
    let isWrong = false;
    try {
      const accountId = await check();
      isWrong = accountId === undefined;
      return accountId;
    } finally {
      if (!isWrong) tries.count -= 1;
    }
  }

  private of(source: string, identifier: string): Tries {
    const now = Date.now();
    for (const [key, { endsAt }] of this.tries) {
      if (endsAt > now) break;
      this.tries.delete(key);
    }
    const key = sha256Hex(JSON.stringify([networkOf(source), identifier.toLowerCase()]));
    const found = this.tries.get(key) ?? { count: 0, endsAt: now + WINDOW_MS };
    this.tries.set(key, found);
    return found;
  }
}
