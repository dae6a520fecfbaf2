import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair } from 'jose';
import { afterEach, describe, expect, test } from 'vitest';
import { run } from '../../src/conformance/run.js';
import { SignedIn, type SignedInPerson } from '../../src/conformance/signed-in.js';
import { Target } from '../../src/conformance/target.js';

/** A server that answers every request to its endpoint with this status, and whose tokens never end. */
async function startCareless(status: number): Promise<{ url: string; server: Server }> {
  const server = createServer((request, response) => {
    const url = `http://${request.headers.host}`;
    const json = (value: unknown): void => void response.end(JSON.stringify(value));
    const { pathname } = new URL(request.url!, url);
    if (pathname.startsWith('/.well-known/')) {
      const names = ['token', 'introspection', 'global_token_revocation'];
      return json(Object.fromEntries(names.map((name) => [`${name}_endpoint`, `${url}/${name}`])));
    }
    if (pathname === '/token') return json({ access_token: 'a', refresh_token: 'r', token_type: 'DPoP' });
    if (pathname === '/introspection') return json({ active: true, sub: 'alice' });
    if (pathname === '/auth') return void response.writeHead(303, { location: 'http://app.example/?code=c' }).end();
    response.writeHead(status).end(status === 204 ? '' : '{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}

const client = { client_id: 'c', client_secret: 's' };
const { privateKey } = await generateKeyPair('ES256', { extractable: true });
const key = { ...(await exportJWK(privateKey)), alg: 'ES256' };

function targetOf(url: string): Target {
  const person: SignedInPerson = {
    ...client,
    identifiers: [
      { format: 'email', email: 'alice@example.com' },
      ...['opaque', 'iss_sub', 'phone_number', 'account', 'did', 'uri'].map((format) => ({ format })),
    ] as unknown as SignedInPerson['identifiers'],
    access_token: 'a',
    refresh_token: 'r',
    cookies: 'session=1',
    authorization_url: `${url}/auth?scope=openid&redirect_uri=http://app.example/`,
  };
  const more = {
    caller: client,
    caller_without_scope: client,
    limited_caller: { ...client, outside: { format: 'opaque', id: 'x' } },
    assertion_caller: { client_id: 'c', key },
    connection: { issuer: 'https://idp.example', key },
    certificate_bound_token: 'bound',
    ambiguous: { format: 'opaque', id: 'x' },
  };
  const target: Target = new Target(
    { base_url: url, ...more },
    async () => new SignedIn(person, (name) => target.metadataUrl(name)),
  );
  return target;
}

describe('a server that does everything wrong', () => {
  let server: Server;
  afterEach(() => server.close());

  /** What a careless server gets right all the same. */
  const kept: Record<number, RegExp> = {
    204: /names the endpoint|https|registered names|→ 204|stays signed in, |nobody else|answered like an unknown|no error|status is the whole/,
    500: /names the endpoint|https|registered names|answered like an unknown|no error|nobody else/,
    401: /names the endpoint/,
    400: /names the endpoint/,
    404: /names the endpoint|→ refused|status says so/,
  };

  test.each([204, 500, 401, 400, 404])(
    'always %i → every other clause fails, none passes by chance',
    async (status) => {
      let url: string;
      ({ url, server } = await startCareless(status));
      const results = await run(targetOf(url));
      const passed = results.filter(({ outcome }) => outcome === 'passed').map(({ clause }) => clause.title);
      expect(passed.filter((title) => !kept[status]!.test(title))).toEqual([]);
      expect(results.filter(({ outcome }) => outcome === 'failed').length).toBeGreaterThan(15);
    },
  );

  test('always 400, and nobody can sign in → nothing but the metadata passes', async () => {
    let url: string;
    ({ url, server } = await startCareless(400));
    const results = await run(new Target({ base_url: url, caller: client }));
    const passed = results.filter(({ outcome }) => outcome === 'passed').map(({ clause }) => clause.title);
    expect(passed).toEqual(['metadata → names the endpoint']);
    const failed = results.filter(({ outcome }) => outcome === 'failed');
    expect(failed.map(({ clause }) => clause.title)).toEqual([]);
  });

  test('one that looks at no scope → every clause about the scope says so', async () => {
    let url: string;
    ({ url, server } = await startCareless(204));
    const results = await run(targetOf(url), new Set([20, 21]));
    const outcomes = results.map(({ clause: { number, level }, outcome }) => `${number} ${level} ${outcome}`);
    expect(outcomes).toEqual(['20 must failed', '20 should warning', '21 should warning']);
  });

  test('one that looks at no proof and no certificate → every clause about bound tokens says so', async () => {
    let url: string;
    ({ url, server } = await startCareless(204));
    const results = await run(targetOf(url), new Set([49, 50]));
    const outcomes = results.map(({ clause, outcome }) => `${clause.level} ${outcome}`).toSorted();
    expect(outcomes).toEqual([...Array<string>(7).fill('must failed'), 'should warning']);
  });
});
