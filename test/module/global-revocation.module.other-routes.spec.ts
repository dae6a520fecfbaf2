import type { INestApplication } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { adapters, startHost } from './host.js';

const json = { 'content-type': 'application/json' };
const post = (headers: Record<string, string>, body?: string): RequestInit => ({
  method: 'POST',
  headers,
  body: body ?? null,
});

const requests: Array<[string, string, RequestInit]> = [
  ['GET', '/host', {}],
  ['HEAD', '/host', { method: 'HEAD' }],
  ['a path like ours', '/host/global-token-revocation', post(json, '{}')],
  ['a longer path than ours', '/global-token-revocation/more', post(json, '{}')],
  ['JSON', '/host', post(json, '{"a":[1,{"b":null}]}')],
  ['malformed JSON', '/host', post(json, '{"a":')],
  ['JSON of 90 kB', '/host', post(json, JSON.stringify('x'.repeat(90_000)))],
  ['JSON of 2 MB', '/host', post(json, JSON.stringify('x'.repeat(2_000_000)))],
  ['form', '/host', post({ 'content-type': 'application/x-www-form-urlencoded' }, 'a=1&a=2&b[c]=3')],
  ['text', '/host', post({ 'content-type': 'text/plain' }, 'hello')],
  ['no body', '/host', post(json)],
  ['unknown route', '/nowhere', post(json, '{}')],
];

describe.each(Object.keys(adapters) as Array<keyof typeof adapters>)("the host's own routes on %s", (adapter) => {
  let hosts: Array<{ url: string; app: INestApplication }>;
  beforeAll(async () => {
    hosts = await Promise.all([startHost(adapter, { plain: true }), startHost(adapter)]);
  });
  afterAll(() => Promise.all(hosts.map(({ app }) => app.close())));

  test.each(requests)('%s gets the same answer as without the module', async (_what, path, init) => {
    const [without, withModule] = await Promise.all(
      hosts.map(async ({ url }) => {
        const response = await fetch(url + path, init);
        const headers = Object.fromEntries(response.headers);
        delete headers['date'];
        return { status: response.status, headers, body: await response.text() };
      }),
    );
    expect(withModule).toEqual(without);
  });

  test('the route of the module answers', async () => {
    const response = await fetch(`${hosts[1]!.url}/global-token-revocation`, post(json, '{}'));
    expect(response.status).toBe(401);
  });
});
