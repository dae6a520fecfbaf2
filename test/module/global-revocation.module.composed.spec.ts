import { APP_GUARD, ApplicationConfig } from '@nestjs/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RevocationMetadata, SubjectEpochs } from '../../src/module/index.js';
import { type Answer, type Call, send } from './endpoint/send.js';
import { basic } from '../support/operator.js';
import { type Habit, habits, JwtGuard } from './habits.js';
import { type AdapterName, adapters, type Host, noScope, operator, registerCallers, startHost } from './host.js';

const json = { 'content-type': 'application/json' };
const as = ({ id, secret }: typeof operator) => ({ ...json, authorization: basic(id, secret) });
const uid = (id: string) => JSON.stringify({ sub_id: { format: 'uid', id } });

/** One of each answer. */
const calls: Record<string, Call & { status: number }> = {
  revoked: { headers: as(operator), body: uid('ann'), status: 204 },
  'unknown user': { headers: as(operator), body: uid('nobody'), status: 404 },
  'not JSON': { headers: as(operator), body: '{"sub_id":', status: 400 },
  'more members than there are': {
    headers: as(operator),
    body: '{"sub_id":{"format":"uid","id":"ann"},"x":1}',
    status: 400,
  },
  'a number for a string': { headers: as(operator), body: '{"sub_id":{"format":"uid","id":1}}', status: 400 },
  'no body': { headers: as(operator), status: 400 },
  'no credentials': { headers: json, body: uid('ann'), status: 401 },
  'wrong secret': { headers: as({ ...operator, secret: 'x' }), body: uid('ann'), status: 401 },
  'no scope': { headers: as(noScope), body: uid('ann'), status: 403 },
  GET: { method: 'GET', headers: as(operator), status: 405 },
  PUT: { method: 'PUT', headers: as(operator), body: uid('ann'), status: 405 },
  form: {
    headers: { ...as(operator), 'content-type': 'application/x-www-form-urlencoded' },
    body: 'sub_id=ann',
    status: 415,
  },
  'nine kilobytes': { headers: as(operator), body: uid('a'.repeat(9000)), status: 413 },
};

const seen = ({ status, headers, body }: Answer, url: string) => {
  const { date: _date, 'keep-alive': _keepAlive, ...rest } = headers;
  const others = Object.entries(rest).filter(([name]) => !name.startsWith('access-control-') && name !== 'vary');
  return {
    status,
    body,
    headers: Object.fromEntries(others.map(([name, value]) => [name, String(value).replaceAll(url, 'URL')])),
  };
};

describe.each(Object.keys(adapters) as AdapterName[])('a host on %s', (adapter) => {
  const expected = new Map<string, ReturnType<typeof seen>>();
  let plain: Host;

  beforeAll(async () => {
    plain = await startHost(adapter);
    await registerCallers(plain);
    for (const [name, call] of Object.entries(calls)) {
      expected.set(name, seen(await send(`${plain.url}/global-token-revocation`, call), plain.url));
    }
  });
  afterAll(() => plain.app.close());

  test('returns the expected status for each call in a plain host', () => {
    const statuses = Object.entries(calls).map(([name, { status }]) => [name, status]);
    expect([...expected].map(([name, { status }]) => [name, status])).toEqual(statuses);
    expect(expected.get('revoked')).toEqual({
      status: 204,
      body: '',
      headers: expect.objectContaining({ 'cache-control': 'no-store' }) as unknown,
    });
  });

  test('registers no global guard, pipe, filter or interceptor', () => {
    const config = plain.app.get(ApplicationConfig);
    const all = ['Guards', 'Pipes', 'Filters', 'Interceptors'].flatMap((kind) =>
      ['', 'Request'].map((scope) => Reflect.get(config, `getGlobal${scope}${kind}`) as () => unknown[]),
    );
    expect(all.map((get) => get.call(config))).toEqual(Array.from({ length: 8 }, () => []));
  });

  test('a global guard of the host rejects the endpoint unless it is marked as public', async () => {
    const host = await startHost(adapter, { providers: [{ provide: APP_GUARD, useClass: JwtGuard }] });
    const answer = await send(`${host.url}/global-token-revocation`, { headers: as(operator), body: uid('ann') });
    expect([answer.status, answer.body]).toEqual([403, expect.stringContaining('the host wants a JWT')]);
    await host.app.close();
  });

  const here = Object.entries(habits).filter(([, { only = adapter }]) => only === adapter);

  describe.each(here)('with %s', (_name, habit: Habit) => {
    let host: Host;
    let address: string;

    beforeAll(async () => {
      host = await startHost(adapter, habit);
      await registerCallers(host);
      address = `${host.url}${habit.path ?? '/global-token-revocation'}`;
    });
    afterAll(() => host.app.close());

    const ask = (to: string, call: Call): Promise<Answer> =>
      send(to, { ...call, headers: { ...(call.headers as Record<string, string>), ...habit.headers } });

    test.each(Object.entries(calls))('%s: returns the same bytes as in a plain host', async (name, call) => {
      const issuer = `${host.url}${habit.issuerPath ?? ''}`;
      expect(seen(await ask(address, call), issuer)).toEqual(expected.get(name));
    });

    test('a revocation takes effect', async () => {
      const before = await host.app.get(SubjectEpochs).current('2');
      expect((await ask(address, { headers: as(operator), body: uid('ben') })).status).toBe(204);
      expect(await host.app.get(SubjectEpochs).current('2')).toBeGreaterThan(before ?? 0);
    });

    test('the published URL answers', async () => {
      const { global_token_revocation_endpoint: published } = await host.app.get(RevocationMetadata).claims();
      expect(published).toBe(address);
    });

    test.each(habit.notAt === undefined ? [] : [habit.notAt])(
      'returns a 404 of the host at %s, where the endpoint is not',
      async (path) => {
        const answer = await ask(`${host.url}${path}`, { headers: as(operator), body: uid('ben') });
        expect(answer.status).toBe(404);
        expect(answer.body).not.toContain('error_description');
      },
    );
  });
});
