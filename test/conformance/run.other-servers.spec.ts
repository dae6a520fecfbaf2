import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair } from 'jose';
import { afterEach, describe, expect, test } from 'vitest';
import { groups } from '../../src/conformance/requirements/all.js';
import { type Outcome, type Result, run } from '../../src/conformance/run.js';
import { select } from '../../src/conformance/selection.js';
import { SignedIn, type SignedInPerson } from '../../src/conformance/signed-in.js';
import { Target } from '../../src/conformance/target.js';

/** Starts a server that answers every revocation with this status, and whose tokens never end. */
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
    restricted_caller: { ...client, outside: { format: 'opaque', id: 'x' } },
    assertion_caller: { client_id: 'c', key },
    identity_provider: { issuer: 'https://idp.example', key },
    certificate_bound_token: 'bound',
    ambiguous: { format: 'opaque', id: 'x' },
  };
  const target: Target = new Target(
    { base_url: url, ...more },
    async () => new SignedIn(person, (name) => target.metadataUrl(name)),
  );
  return target;
}

const idsOf = (results: readonly Result[], wanted: Outcome): string[] =>
  results.filter(({ outcome }) => outcome === wanted).map(({ requirement: { id } }) => id);

describe('a server that does everything wrong', () => {
  let server: Server;
  afterEach(() => server.close());

  async function careless(status: number): Promise<string> {
    const started = await startCareless(status);
    ({ server } = started);
    return started.url;
  }

  const metadata = ['draft-06 §3.1 (b)'];
  /** What a server meets that accepts everything. */
  const accepts = [
    ...['draft-06 §3.4.1 (a)', 'draft-06 §3.4.1 (b)', 'draft-06 §3.2 (d)', 'draft-06 §7.2 (a)'],
    ...[1, 2, 3, 4, 5, 6, 7, 8].map((format) => `RFC 9493 §3.2.${format} (a)`),
    ...['RFC 9493 §3.2.2 (e)', 'draft-06 §3.3 (f)', 'RFC 7523 §3 (a)', 'RFC 9449 §7.1 (a)'],
    'Okta §Logout response and response codes',
  ];

  test.each([
    [204, [...metadata, ...accepts]],
    [500, metadata],
    [401, metadata],
    [400, metadata],
    [404, [...metadata, 'draft-06 §3.1 (c)', 'draft-06 §3.1 (d)', 'draft-06 §3.4']],
  ])('always %i: passes no other requirement by chance', async (status, passed) => {
    const results = await run(targetOf(await careless(status)), groups);
    expect(idsOf(results, 'passed').toSorted()).toEqual(passed.toSorted());
    expect(idsOf(results, 'failed').length).toBeGreaterThan(15);
  });

  test('always 400, nobody can sign in: passes only the metadata and fails nothing', async () => {
    const results = await run(new Target({ base_url: await careless(400), caller: client }), groups);
    expect(idsOf(results, 'passed')).toEqual(metadata);
    expect(idsOf(results, 'failed')).toEqual([]);
  });

  test('scopes are ignored: fails each requirement about scopes with that reason', async () => {
    const scope = ['draft-06 §7.1 (a)', 'draft-06 §7.1 (b)', 'draft-06 §7.1 (c)'];
    const results = await run(targetOf(await careless(204)), select(groups, { only: scope }));
    expect(idsOf(results, 'failed')).toEqual(scope.slice(0, 1));
    expect(idsOf(results, 'warning')).toEqual(scope.slice(1));
  });

  test('proofs and certificates are ignored: fails each requirement about bound tokens', async () => {
    const selected = select(groups, { only: ['RFC 9449', 'RFC 8705'], skip: ['RFC 9449 §7.1 (a)'] });
    const results = await run(targetOf(await careless(204)), selected);
    expect(idsOf(results, 'failed')).toHaveLength(7);
    expect(idsOf(results, 'warning')).toEqual(['RFC 9449 §11.1']);
  });

  test('a missing prerequisite makes a requirement not tested, without a request', async () => {
    let requests = 0;
    const url = await careless(204);
    server.on('request', () => (requests += 1));
    const target = targetOf(url);
    delete target.options.caller_without_scope;
    const results = await run(target, select(groups, { only: ['draft-06 §3.4.2 (i)'] }));
    expect(results.map(({ outcome, detail }) => [outcome, detail])).toEqual([
      ['not tested', 'needs caller_without_scope in --config'],
    ]);
    expect(requests).toBe(0);
  });

  test('a grant that the server does not offer makes a requirement not tested', async () => {
    const results = await run(targetOf(await careless(401)), select(groups, { only: ['draft-06 §3.2 (d)'] }));
    expect(results.map(({ outcome, detail }) => [outcome, detail])).toEqual([
      ['not tested', 'the server does not offer this: expected status 204, got 401 ({})'],
    ]);
  });
});
