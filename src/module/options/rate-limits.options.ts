import type { ThrottlerStorage } from '@nestjs/throttler';
import * as v from 'valibot';
import { isFunction, type Members, must, shape, TIMER_MAX, valueOr, wholeNumber } from './schema.js';

/** A rate limit. @publicApi */
export interface RateLimit {
  /** Maximum number of events within {@link ttlSeconds}. */
  limit: number;
  /** Length of the window in seconds; also the waiting time after the limit is exceeded. */
  ttlSeconds: number;
}

/** Rate limits. Beyond a limit, the answer is 429 with `Retry-After`. `false` turns a limit off. @publicApi */
export interface RateLimits {
  /**
   * Rejected credentials per source address (IPv6: per /64) and bucket. Each source address has 256 buckets, over which client ids are
   * spread (for an assertion, its `iss`; other tokens share one bucket). Valid credentials are accepted even beyond the limit.
   *
   * @default { limit: 20, ttlSeconds: 60 }
   */
  failures?: RateLimit | false;
  /**
   * Calls per caller.
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
   * Records of oidc-provider that a source address (IPv6: its /64) creates before anybody signs in: sessions, interactions,
   * and requests of clients without a secret. Their size is limited too, and sessions and
   * interactions live for at most one hour.
   *
   * @default { limit: 300, ttlSeconds: 60 }
   */
  records?: RateLimit | false;
  /**
   * Storage for the counters: any storage for `@nestjs/throttler`, for example one that all nodes share. While it does
   * not answer, the answer to calls is 503.
   *
   * @default the memory of each node
   */
  storage?: ThrottlerStorage;
}

/** Protection against too many requests. @publicApi */
export interface RateLimitOptions {
  /**
   * Limits for calls and for failed authentication. Each limit has its own default.
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
  records: perMinute(300),
  storage: v.exactOptional(must<ThrottlerStorage>('a ThrottlerStorage', isStorage)),
} satisfies Members<RateLimits>;

export const rateLimitOptions = {
  rateLimits: v.optional(shape(rateLimits), {}),
} satisfies Members<RateLimitOptions>;
