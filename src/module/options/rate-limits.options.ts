import type { ThrottlerStorage } from '@nestjs/throttler';
import * as v from 'valibot';
import { isFunction, type Members, must, shape, TIMER_MAX, valueOr, wholeNumber } from './schema.js';

/** How often something may happen. @publicApi */
export interface RateLimit {
  /** How many times within {@link ttlSeconds}. */
  limit: number;
  /** Length of the window, in seconds; who exceeds the limit waits for as long. */
  ttlSeconds: number;
}

/** What must not happen too often; then 429 with `Retry-After`. `false` switches a limit off. @publicApi */
export interface RateLimits {
  /**
   * Credentials that are refused, for each source address (of IPv6 its /64) and one of 256 buckets of client ids: of an
   * assertion its `iss`, of other tokens none. Good credentials are let in all the same.
   *
   * @default { limit: 20, ttlSeconds: 60 }
   */
  failures?: RateLimit | false;
  /**
   * Calls of each caller.
   *
   * @default { limit: 600, ttlSeconds: 60 }
   */
  calls?: RateLimit | false;
  /**
   * Calls of all callers together.
   *
   * @default { limit: 3000, ttlSeconds: 60 }
   */
  total?: RateLimit | false;
  /**
   * Where it is counted: any storage for `@nestjs/throttler`, e.g. one that the nodes share. While it does not answer, calls
   * are 503.
   *
   * @default the memory of each node
   */
  storage?: ThrottlerStorage;
}

/** Protection against too many calls. @publicApi */
export interface RateLimitOptions {
  /**
   * How often callers may call, and fail to authenticate. Each limit has a default of its own.
   *
   * @default {}
   * @see RFC 6585 §4, RFC 6749 §2.3.1
   */
  rateLimits?: RateLimits;
}

const rateLimit = {
  limit: wholeNumber(1),
  ttlSeconds: wholeNumber(1, Math.floor(TIMER_MAX / 1000)),
} satisfies Members<RateLimit>;

const perMinute = (limit: number) => v.optional(valueOr(false, shape(rateLimit)), { limit, ttlSeconds: 60 });

const isStorage = (value: unknown): boolean => isFunction((value as Partial<ThrottlerStorage> | null)?.increment);

const rateLimits = {
  failures: perMinute(20),
  calls: perMinute(600),
  total: perMinute(3000),
  storage: v.exactOptional(must<ThrottlerStorage>('a ThrottlerStorage', isStorage)),
} satisfies Members<RateLimits>;

export const rateLimitOptions = {
  rateLimits: v.optional(shape(rateLimits), {}),
} satisfies Members<RateLimitOptions>;
