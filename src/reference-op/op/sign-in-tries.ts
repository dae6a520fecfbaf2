import { Inject, Injectable } from '@nestjs/common';
import { networkOf } from 'nestjs-global-revocation';
import { sha256Hex } from 'nestjs-global-revocation/administration';
import { OP_OPTIONS, type OpOptions } from './op.options.js';

/** How long wrong passwords count, from the first one on, in milliseconds. */
const WINDOW_MS = 300_000;

interface Tries {
  count: number;
  endsAt: number;
}

/**
 * Limits wrong passwords per source and account, so that an attacker locks nobody else out. A password counts before it is
 * checked, so that simultaneous tries cannot exceed the limit; a right one is subtracted afterwards.
 *
 * @see NIST SP 800-63B §5.2.2
 */
@Injectable()
export class SignInTries {
  private readonly limit: number;
  /** In the order in which their windows end. */
  private readonly tries = new Map<string, Tries>();

  constructor(@Inject(OP_OPTIONS) { signInTries = 0 }: OpOptions) {
    this.limit = signInTries || Infinity;
  }

  /** Returns how many seconds to wait before the next check; 0 if there is no need to wait. */
  secondsToWait(source: string, identifier: string): number {
    const { count, endsAt } = this.of(source, identifier);
    return count >= this.limit ? Math.ceil((endsAt - performance.now()) / 1000) : 0;
  }

  /** Runs a check, and counts it if the password is wrong. */
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
    const now = performance.now();
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
