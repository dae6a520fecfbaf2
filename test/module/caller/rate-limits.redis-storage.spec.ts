import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CallerRateLimits } from '../../../src/module/caller/rate-limits.js';
import { DatabaseDeadline } from '../../../src/module/database/deadline.js';
import { resolveOptions } from '../../../src/module/options/global-revocation.options.js';
import { freePort } from '../../support/free-port.js';
import { isInstalled } from '../../support/tools.js';
import { RedisStorage } from './redis-storage.js';

describe.runIf(isInstalled('redis-server'))('rate limits shared in Redis', () => {
  let process: ChildProcess;
  let redis: Redis;
  beforeAll(async () => {
    const port = await freePort();
    process = spawn('redis-server', [
      '--port',
      String(port),
      '--bind',
      '127.0.0.1',
      '--save',
      '',
      '--appendonly',
      'no',
    ]);
    for await (const line of process.stdout!) if (String(line).includes('Ready to accept connections')) break;
    redis = new Redis({ port, host: '127.0.0.1' });
  });
  afterAll(async () => {
    redis.disconnect();
    process.kill();
    await once(process, 'exit');
  });

  const node = (): CallerRateLimits => {
    const rateLimits = { calls: { limit: 100, ttlSeconds: 60 }, storage: new RedisStorage(redis) };
    return new CallerRateLimits(resolveOptions({ issuer: 'http://127.0.0.1', rateLimits }), new DatabaseDeadline(2000));
  };

  test('lets through exactly the limit of 300 calls at once over three nodes', async () => {
    const nodes = [node(), node(), node()];
    const results = await Promise.allSettled(Array.from({ length: 300 }, (_, i) => nodes[i % 3]!.called('caller')));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(100);
    const [refused] = results.filter((result) => result.status === 'rejected');
    expect(refused!.reason).toMatchObject({ reason: 'tooManyCalls' });
    expect((refused!.reason as { retryAfter: number }).retryAfter).toBeLessThanOrEqual(60);
  });
});
