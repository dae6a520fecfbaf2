import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { basic } from '../../support/operator.js';
import { type AdapterName, adapters, type Host, operator, registerCallers, startHost } from '../host.js';
import { send } from './send.js';

const PATH = '/global-token-revocation';
const origin = 'https://spa.example';
const good = { origin, 'content-type': 'application/json', authorization: basic(operator.id, operator.secret) };
const body = '{"sub_id":{"format":"uid","id":"ann"}}';
const preflight = {
  method: 'OPTIONS',
  headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' },
};

describe.each(Object.keys(adapters) as AdapterName[])('pages on %s', (adapter) => {
  let withCors: Host;
  let without: Host;
  beforeAll(async () => {
    const cors = { origin, credentials: true, methods: ['POST'], allowedHeaders: ['authorization', 'content-type'] };
    withCors = await startHost(adapter, { configure: (app) => app.enableCors(cors) });
    without = await startHost(adapter);
    await registerCallers(withCors);
  });
  afterAll(() => Promise.all([withCors.app.close(), without.app.close()]));

  test('a preflight is allowed if the host enables CORS', async () => {
    const { status, headers } = await send(withCors.url + PATH, preflight);
    expect(status).toBe(204);
    expect(headers).toMatchObject({
      'access-control-allow-origin': origin,
      'access-control-allow-credentials': 'true',
      'access-control-allow-methods': 'POST',
    });
  });

  test('a preflight gets 405 without CORS', async () => {
    const { status, headers } = await send(without.url + PATH, preflight);
    expect([status, headers.allow]).toEqual([405, 'POST']);
    expect(headers).not.toHaveProperty('access-control-allow-origin');
  });

  test.each<[status: number, call: object]>([
    [204, { headers: good, body }],
    [400, { headers: good, body: '{' }],
    [401, { headers: { ...good, authorization: basic(operator.id, 'x') }, body }],
    [404, { headers: good, body: body.replace('ann', 'nobody') }],
    [405, { method: 'GET', headers: good }],
    [405, { method: 'PUT', headers: good, body }],
    [413, { headers: good, body: body.replace('ann', 'a'.repeat(9000)) }],
    [415, { headers: { ...good, 'content-type': 'text/plain' }, body }],
    [415, { headers: { ...good, 'content-encoding': 'gzip' }, body }],
  ])('an answer with %i has the CORS headers of the host only', async (expected, call) => {
    const { status, headers } = await send(withCors.url + PATH, call);
    expect([status, headers['access-control-allow-origin']]).toEqual([expected, origin]);
    const { origin: _origin, ...fromServer } = (call as { headers: Record<string, string> }).headers;
    const plain = await send(withCors.url + PATH, { ...call, headers: fromServer });
    expect(plain.status).toBe(expected);
    const other = await send(without.url + PATH, call);
    expect(other.headers).not.toHaveProperty('access-control-allow-origin');
  });
});
