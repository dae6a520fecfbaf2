import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { networkOf } from 'nestjs-global-revocation';
import { sha256Hex } from 'nestjs-global-revocation/administration';
import { OP_OPTIONS, type OpOptions } from './op.options.js';

/** How long wrong passwords count, from the first one on, in milliseconds. */
const WINDOW_MS = 300_000;

/** How many accounts a source may try to the limit, and how many sources may do so before an account is slower. */
const WIDER = 10;

/** How long a check of an account takes longer while many sources guess, in milliseconds. */
const PAUSE_MS = 1000;

/** Who tries whose password. */
export interface Try {
  source: string;
  /** What was typed, in its canonical form. */
  name: string;
  /** Account id, or the canonical form of a name that nobody has. */
  account: string;
}

interface Counter {
  count: number;
  endsAt: number;
}

/**
 * Limits wrong passwords: per source and account, whatever the spelling, and per source. Wrong passwords of all sources for
 * one account only make its checks slower, so that nobody is locked out. A password counts before it is checked, so that
 * simultaneous tries cannot exceed the limit; a right one is subtracted afterwards. Names that nobody has count alike.
 *
 * @see NIST SP 800-63B §5.2.2
 */
@Injectable()
export class SignInTries {
  private readonly limit: number;
  /** In the order in which their windows end. */
  private readonly counters = new Map<string, Counter>();

  constructor(@Inject(OP_OPTIONS) { signInTries = 0 }: OpOptions) {
    this.limit = signInTries || Infinity;
  }

  /** Returns how many seconds to wait before the next check; 0 if there is no need to wait. */
  secondsToWait({ source, name, account }: Try): number {
    this.forget();
    const limits = [
      [sourceKey(source), this.limit * WIDER],
      [nameKey(source, name), this.limit],
      [accountKey(source, account), this.limit],
    ] as const;
    const reached = limits.map(([key, limit]) => {
      const { count = 0, endsAt = 0 } = this.counters.get(key) ?? {};
      return count >= limit ? Math.ceil((endsAt - performance.now()) / 1000) : 0;
    });
    return Math.max(...reached);
  }

  /** Runs a check, and counts it if the password is wrong. */
  async count({ source, name, account }: Try, check: () => Promise<string | undefined>): Promise<string | undefined> {
    const ofAll = this.of(accountKey('', account));
    const counters = [
      this.of(sourceKey(source)),
      this.of(nameKey(source, name)),
      this.of(accountKey(source, account)),
      ofAll,
    ];
    const isSlow = ofAll.count >= this.limit * WIDER;
    for (const counter of counters) counter.count += 1;
    let isWrong = false;
    try {
      if (isSlow) await sleep(PAUSE_MS);
      const accountId = await check();
      isWrong = accountId === undefined;
      return accountId;
    } finally {
      if (!isWrong) for (const counter of counters) counter.count -= 1;
    }
  }

  private of(key: string): Counter {
    this.forget();
    const found = this.counters.get(key) ?? { count: 0, endsAt: performance.now() + WINDOW_MS };
    this.counters.set(key, found);
    return found;
  }

  /** Drops what has ended. */
  private forget(): void {
    const now = performance.now();
    for (const [key, { endsAt }] of this.counters) {
      if (endsAt > now) break;
      this.counters.delete(key);
    }
  }
}

const keyOf = (...parts: string[]): string => sha256Hex(JSON.stringify(parts));
const sourceKey = (source: string): string => keyOf('source', networkOf(source));
const nameKey = (source: string, name: string): string => keyOf('name', networkOf(source), name);
const accountKey = (source: string, account: string): string =>
  keyOf('account', source === '' ? '' : networkOf(source), account);
