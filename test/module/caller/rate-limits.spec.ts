import { describe, expect, test } from 'vitest';
import type { AuditEvent } from '../../../src/module/audit/audit-event.js';
import { AuditEvents } from '../../../src/module/audit/audit-events.js';
import { CallerRateLimits } from '../../../src/module/caller/rate-limits.js';
import { DatabaseDeadline } from '../../../src/module/database/deadline.js';
import { type GlobalRevocationOptions, resolveOptions } from '../../../src/module/options/global-revocation.options.js';
import { refusal, seen } from '../endpoint/send.js';
import { describeEachServer } from '../../support/databases.js';
import { basic } from '../../support/operator.js';
import { demoNoScope, demoOperator } from '../../support/people.js';
import { startForTest, type TestServer } from '../../support/server.js';
import { register } from './clients.js';
import { compact } from './signer.js';

const json = { 'content-type': 'application/json' };
const operator = basic(demoOperator.clientId, demoOperator.secret);

let server: TestServer;

const call = (authorization = operator, id = 'alice'): Promise<Response> =>
  fetch(server.endpoint, {
    method: 'POST',
    headers: { ...json, authorization },
    body: JSON.stringify({ sub_id: { format: 'uid', id } }),
  });

const statuses = async (count: number, ...args: Parameters<typeof call>): Promise<number[]> => {
  const all: number[] = [];
  for (let i = 0; i < count; i += 1) all.push((await call(...args)).status);
  return all;
};

/** Everything of an answer; the seconds to wait are checked here. */
async function whole(response: Response) {
  const headers = Object.fromEntries(response.headers);
  const seconds = Number(headers['retry-after']);
  expect(seconds >= 1 && seconds <= 60, headers['retry-after']).toBe(true);
  return seen({
    status: response.status,
    headers: { ...headers, 'retry-after': 'seconds' },
    body: await response.text(),
  });
}
const later = (description: string) =>
  refusal(429, 'temporarily_unavailable', description, { 'retry-after': 'seconds' });

describeEachServer('limits', (database) => {
  test('returns 429 with Retry-After after too many failures, and still accepts good credentials', async () => {
    server = await startForTest(database, { env: { GTR_FAILURES_PER_MINUTE: '3' } });
    const wrong = basic(demoOperator.clientId, 'wrong');
    expect(await statuses(5, wrong)).toEqual([401, 401, 401, 429, 429]);
    expect(await whole(await call(wrong))).toEqual(later('too many failed attempts; try again later'));
    expect((await call()).status).toBe(204);
  });

  test('returns 429 with Retry-After to a caller over its limit, and serves another caller', async () => {
    server = await startForTest(database, { env: { GTR_CALLS_PER_MINUTE: '3' } });
    await register(server, 'another', 'secret-of-another');
    expect(await statuses(4)).toEqual([204, 204, 204, 429]);
    expect(await whole(await call())).toEqual(later('too many requests; try again later'));
    expect((await call(basic('another', 'secret-of-another'))).status).toBe(204);
  });

  test('returns 429 when all callers together exceed the total limit', async () => {
    server = await startForTest(database, { env: { GTR_TOTAL_CALLS_PER_MINUTE: '4' } });
    await register(server, 'another', 'secret-of-another');
    const another = basic('another', 'secret-of-another');
    expect([...(await statuses(2)), ...(await statuses(3, another))]).toEqual([204, 204, 204, 204, 429]);
  });

  test('explains the first bad assertion although tokens of the same source exceeded the limit', async () => {
    server = await startForTest(database, { env: { GTR_FAILURES_PER_MINUTE: '2' } });
    expect(await statuses(3, 'Bearer junk')).toEqual([401, 401, 429]);
    expect((await call('DPoP junk')).status).toBe(429);
    const bad = (iss: string) => `Bearer ${compact({ alg: 'ES256' }, { iss, jti: 'j-1' }, 'AAAA')}`;
    expect(await statuses(3, bad('https://idp.example'))).toEqual([401, 401, 429]);
    expect(await statuses(1, bad('https://another.example'))).toEqual([401]);
    expect(await statuses(1, basic(encodeURIComponent('https://idp.example'), 'wrong'))).toEqual([429]);
  });

  test.each([
    ['j-1', 'j-1'],
    ['j'.repeat(300), 'j'.repeat(255)],
  ])('logs reason and jti of an assertion over the limit: jti %s', async (jti, logged) => {
    server = await startForTest(database, { env: { GTR_FAILURES_PER_MINUTE: '1' } });
    const events: AuditEvent[] = [];
    server.app.get(AuditEvents).subscribe((event) => void events.push(event));
    const bad = `Bearer ${compact({ alg: 'ES256' }, { iss: 'https://idp.example', jti }, 'AAAA')}`;
    expect(await statuses(2, bad)).toEqual([401, 429]);
    await expect.poll(() => events.length).toBe(2);
    expect(events).toMatchObject([
      { 'event.reason': 'assertionUntrusted', 'gtr.assertion.jti': logged },
      {
        'event.reason': 'tooManyFailures',
        'gtr.assertion.jti': logged,
        'error.message': 'assertionUntrusted: no client of this iss is registered for private_key_jwt',
      },
    ]);
  });

  test('does not count a missing scope or missing credentials', async () => {
    const env = { GTR_CALLS_PER_MINUTE: '1', GTR_TOTAL_CALLS_PER_MINUTE: '1', GTR_FAILURES_PER_MINUTE: '1' };
    server = await startForTest(database, { env });
    expect(await statuses(3, basic(demoNoScope.clientId, demoNoScope.secret))).toEqual([403, 403, 403]);
    const anonymous = await Promise.all([1, 2, 3].map(() => fetch(server.endpoint, { method: 'POST', headers: json })));
    expect(anonymous.map(({ status }) => status)).toEqual([401, 401, 401]);
    expect((await call()).status).toBe(204);
  });
});

describe('RFC 6177 §2: windows and sources', () => {
  test('serves the caller again after the window', async () => {
    const limits = restrictionsWith({ calls: { limit: 1, ttlSeconds: 1 } });
    await limits.called('a');
    await expect(limits.called('a')).rejects.toMatchObject({ reason: 'tooManyCalls', retryAfter: 1 });
    await new Promise((resolve) => setTimeout(resolve, 1100));
    await limits.called('a');
  });

  test('counts all IPv6 addresses of one /64, and both spellings of an IPv4 address, as one source', async () => {
    const limits = restrictionsWith({ failures: { limit: 2, ttlSeconds: 60 } });
    await limits.failed('2001:db8:1:2::1', 'c');
    await limits.failed('2001:db8:1:2:ffff::2', 'c');
    await expect(limits.failed('2001:db8:1:2::3', 'c')).rejects.toMatchObject({ reason: 'tooManyFailures' });
    await limits.failed('2001:db8:1:3::1', 'c');
    await limits.failed('::ffff:192.0.2.1', 'c');
    await limits.failed('192.0.2.1', 'c');
    await expect(limits.failed('192.0.2.1', 'c')).rejects.toMatchObject({ reason: 'tooManyFailures' });
  });

  test('returns 503 instead of skipping the count when the store does not answer', async () => {
    const storage = { increment: () => new Promise<never>(() => {}) };
    const limits = restrictionsWith({ storage }, 100);
    await expect(limits.called('a')).rejects.toMatchObject({ reason: 'unavailable' });
  });
});

const restrictionsWith = (rateLimits: GlobalRevocationOptions['rateLimits'] & {}, timeoutMs = 1000): CallerRateLimits =>
  new CallerRateLimits(resolveOptions({ issuer: 'http://127.0.0.1', rateLimits }), new DatabaseDeadline(timeoutMs));
