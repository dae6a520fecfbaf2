import type { ThrottlerStorage } from '@nestjs/throttler';
import type { Redis } from 'ioredis';

/** Counts in Redis, for all nodes together. */
export class RedisStorage implements ThrottlerStorage {
  constructor(private readonly redis: Redis) {}

  async increment(key: string, ttl: number, limit: number) {
    const answers = await this.redis.multi().incr(key).pexpire(key, ttl, 'NX').pttl(key).exec();
    const [hits, , left] = (answers ?? []).map(([error, value]) => {
      if (error) throw error;
      return Number(value);
    });
    const seconds = Math.ceil(left! / 1000);
    return { totalHits: hits!, timeToExpire: seconds, isBlocked: hits! > limit, timeToBlockExpire: seconds };
  }
}
