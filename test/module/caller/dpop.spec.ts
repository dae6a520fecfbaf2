import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { Client } from '../../../src/module/caller/clients/client.entity.js';
import { UsedAssertion } from '../../../src/module/caller/assertion/used-assertion.entity.js';
import { sha256Hex } from '../../../src/module/database/digest.js';
import { SubjectEpochs } from '../../../src/module/revocation/subject-epochs.js';
import { type Answer, challenges, refusal, seen, send, uidBody } from '../endpoint/send.js';
import { SqlLog, withoutTable } from '../endpoint/sql-log.js';
import { Browser } from '../../support/browser.js';
import { describeEachDatabase, describeEachServer } from '../../support/databases.js';
import { alice, bob, demoOperator } from '../../support/people.js';
import { oauthError, RelyingParty } from '../../support/relying-party.js';
import { startServer, type TestServer } from '../../support/server.js';
import { BoundClient } from './bound-client.js';
import { acceptedProofs, descriptions, refusedProofs } from './dpop-proofs.js';

const body = uidBody(bob.uid);
const operator = { clientIdHash: sha256Hex(demoOperator.clientId) };

describeEachServer('access tokens that are bound to a key', (database) => {
  let server: TestServer;
  let client: BoundClient;

  beforeAll(async () => {
    server = await startServer(database);
    client = await BoundClient.create(server);
  });
  afterAll(() => server.stop());

  const call = (headers: Record<string, string> | string[]) => send(server.endpoint, { headers, body });
  const refused = (answer: Answer, error: string, description: string, scheme: 'Bearer' | 'DPoP' = 'DPoP') =>
    expect(seen(answer)).toEqual(
      refusal(401, error, description, { 'www-authenticate': challenges(server.url, { [scheme]: error }) }),
    );
  const errorOf = (description: string): string =>
    description === descriptions.otherKey ? 'invalid_token' : 'invalid_dpop_proof';

  test.each(acceptedProofs)('%s → 204', async (_title, change) => {
    const made = await change(client, server.endpoint);
    const headers = typeof made === 'string' ? client.with(made) : await client.headers(made);
    expect((await call(headers)).status).toBe(204);
  });

  test.each(refusedProofs)('%s → 401 that says: %s', async (_title, description, change) => {
    const made = await change(client, server.endpoint);
    const headers = typeof made === 'string' ? client.with(made) : await client.headers(made);
    refused(await call(headers), errorOf(description), description);
  });

  test.each(['ES384', 'EdDSA', 'Ed25519', 'PS256', 'RS256'])('a key for %s → 204', async (alg) => {
    const other = await BoundClient.create(server, alg);
    expect((await call(await other.headers())).status).toBe(204);
  });

  test.each(['dpop', 'DPOP'])('the scheme as %s → 204', async (scheme) => {
    const headers = await client.headers();
    expect((await call({ ...headers, authorization: `${scheme} ${client.token}` })).status).toBe(204);
  });

  test('no proof → 401 that says so', async () => {
    const { dpop: _dpop, ...headers } = await client.headers();
    refused(await call(headers), 'invalid_dpop_proof', descriptions.missing);
  });

  test.each([
    ['two proofs', (one: string, two: string) => ['DPoP', one, 'DPoP', two]],
    ['the same proof twice', (one: string) => ['DPoP', one, 'dpop', one]],
  ])('%s → 401', async (_title, proofs) => {
    const { authorization = '', dpop = '', ...rest } = await client.headers();
    const headers = [...Object.entries(rest).flat(), ...proofs(dpop, await client.proof())];
    refused(await call(['Authorization', authorization, ...headers]), 'invalid_dpop_proof', descriptions.missing);
  });

  test('two credentials → 400', async () => {
    const headers = Object.entries(await client.headers()).flat();
    expect((await call([...headers, 'Authorization', `Bearer ${client.token}`])).status).toBe(400);
  });

  test('a bound token as a bearer token, with and without proof → 401', async () => {
    const { dpop, ...headers } = await client.headers();
    const stolen = { ...headers, authorization: `Bearer ${client.token}` };
    refused(await call(stolen), 'invalid_token', descriptions.bound, 'Bearer');
    refused(await call({ ...stolen, dpop: dpop! }), 'invalid_token', descriptions.bound, 'Bearer');
  });

  test('an unbound token with a proof → 401; as a bearer token with one beside it → 204', async () => {
    const unbound = await BoundClient.unbound(server);
    refused(await call(await unbound.headers()), 'invalid_token', descriptions.otherKey);
    expect((await call({ ...(await unbound.headers()), authorization: `Bearer ${unbound.token}` })).status).toBe(204);
  });

  test('a good proof for a token that nobody issued → 401 invalid_token', async () => {
    const nobodys = client.holding('no-token-at-all');
    const answer = await call(await nobodys.headers());
    refused(answer, 'invalid_token', 'the access token is invalid, expired or revoked');
  });

  test('a token without the scope → 403 for the scheme that was used', async () => {
    const narrow = await BoundClient.create(server, 'ES256', '');
    const answer = await call(await narrow.headers());
    expect([answer.status, answer.headers['www-authenticate']]).toEqual([
      403,
      'DPoP error="insufficient_scope", scope="global_token_revocation"',
    ]);
  });

  test.each([
    ['Host', { host: 'evil.example' }],
    ['X-Forwarded-*', { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https' }],
    ['Forwarded', { forwarded: 'host=evil.example;proto=https' }],
  ])('%s is spoofed → htu must be the published URL all the same', async (_title, spoofed) => {
    const evil = await client.headers({ claims: { htu: 'https://evil.example/global-token-revocation' } });
    refused(await call({ ...evil, ...spoofed }), 'invalid_dpop_proof', descriptions.request);
    expect((await call({ ...(await client.headers()), ...spoofed })).status).toBe(204);
  });

  test('the client is disabled → 401 on the next request', async () => {
    const clients = server.dataSource.getRepository(Client);
    await clients.update(operator, { enabled: 0 });
    const answer = await call(await client.headers());
    await clients.update(operator, { enabled: 1 });
    refused(answer, 'invalid_token', 'the access token is invalid, expired or revoked');
  });

  test('the metadata → name DPoP and its algorithms', async () => {
    const { body: metadata } = await send(`${server.url}/.well-known/openid-configuration`, { method: 'GET' });
    expect(JSON.parse(metadata)).toMatchObject({
      dpop_signing_alg_values_supported: ['ES256', 'ES384', 'EdDSA', 'Ed25519', 'PS256', 'RS256'],
      global_token_revocation_endpoint_auth_methods_supported: expect.arrayContaining(['DPoP']) as unknown,
    });
  });
});

describeEachDatabase('a proof is good for one request', (database) => {
  let server: TestServer;
  let client: BoundClient;

  beforeAll(async () => {
    server = await startServer(database);
    client = await BoundClient.create(server);
  });
  afterAll(() => server.stop());
  beforeEach(() => server.dataSource.query('DELETE FROM gtr_revocation'));

  const call = (headers: Record<string, string>, content = body) => send(server.endpoint, { headers, body: content });
  const records = () => server.dataSource.query<object[]>('SELECT * FROM gtr_revocation');
  const epoch = () => server.app.get(SubjectEpochs).current(bob.id);

  test('204 → the record names client, method and key', async () => {
    expect((await call(await client.headers())).status).toBe(204);
    expect(await records()).toMatchObject([{ actor: 'demo-operator', method: 'DPoP', key_id: client.thumbprint }]);
  });

  test('the same request again → 401 that says so, the epoch stays', async () => {
    const headers = await client.headers();
    expect((await call(headers)).status).toBe(204);
    const before = await epoch();
    expect(seen(await call(headers))).toEqual(
      refusal(401, 'invalid_dpop_proof', descriptions.replayed, {
        'www-authenticate': challenges(server.url, { DPoP: 'invalid_dpop_proof' }),
      }),
    );
    expect(await epoch()).toBe(before);
    expect(await records()).toHaveLength(1);
  });

  test('100 at once → one 204, the others 401, the epoch raised once', async () => {
    const headers = await client.headers();
    const bodies = [body, uidBody(alice.uid)];
    const answers = await Promise.all(Array.from({ length: 100 }, (_, i) => call(headers, bodies[i % 2])));
    const statuses = answers.map(({ status }) => status).toSorted((a, b) => a - b);
    expect(statuses).toEqual([204, ...Array<number>(99).fill(401)]);
    expect(await records()).toHaveLength(1);
  });

  test.each([
    [404, uidBody('nobody')],
    [400, '{'],
  ])('it was answered %i → it is used up all the same', async (status, content) => {
    const headers = await client.headers();
    expect((await call(headers, content)).status).toBe(status);
    expect((await call(headers)).status).toBe(401);
  });

  test('another proof with the same jti → the same proof; of another key → another', async () => {
    const [claims, other] = [{ jti: 'the same' }, await BoundClient.create(server)];
    expect((await call(await client.headers({ claims }))).status).toBe(204);
    expect((await call(await client.headers({ claims }))).status).toBe(401);
    expect((await call(await other.headers({ claims }))).status).toBe(204);
  });

  test('a stolen token with a proof of the thief’s → 401, and nothing is written', async () => {
    const used = () => server.dataSource.getRepository(UsedAssertion).count();
    const [before, thief] = [await used(), await BoundClient.create(server)];
    const answers = await Promise.all(
      Array.from({ length: 20 }, async () => call(await thief.holding(client.token).headers())),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401]));
    expect(await used()).toBe(before);
  });

  test('a person who is signed in → session and refresh token are over, those of somebody else are not', async () => {
    const app = await RelyingParty.discover(server);
    const [ended, kept] = [new Browser(server.url), new Browser(server.url)];
    const [{ refresh_token: his }, { refresh_token: hers }] = [
      await app.signIn(ended, bob),
      await app.signIn(kept, alice),
    ];
    expect((await call(await client.headers())).status).toBe(204);
    expect(await oauthError(app.refresh(his!))).toBe('invalid_grant');
    expect((await app.silently(ended)).url.searchParams.get('error')).toBe('login_required');
    expect(await oauthError(app.refresh(hers!))).toBeUndefined();
  });

  test('kept until it would be refused for its age, then cleared away', async () => {
    const iat = Math.floor(Date.now() / 1000);
    await server.dataSource.getRepository(UsedAssertion).clear();
    await call(await client.headers({ claims: { iat } }));
    expect(await server.dataSource.getRepository(UsedAssertion).find()).toMatchObject([
      { expiresAt: (iat + 60) * 1000 },
    ]);
  });

  test('whether it was used cannot be known → 503, nobody is revoked', async () => {
    server.app.useLogger(false);
    const headers = await client.headers();
    const answer = await withoutTable(server.dataSource, 'gtr_assertion', () => call(headers));
    expect(answer.status).toBe(503);
    expect(await records()).toEqual([]);
  });

  test('cost → one INSERT more than a bearer token; what is refused for its form costs no statement', async () => {
    const sql = new SqlLog(server.dataSource);
    const bearer = (await BoundClient.unbound(server)).token;
    const count = async (headers: Record<string, string>) => (await sql.hotPathOf(() => call(headers))).length;
    const unbound = await count({ authorization: `Bearer ${bearer}`, 'content-type': 'application/json' });
    expect(await count(await client.headers())).toBe(unbound + 1);
    expect(await count(await client.headers({ claims: { htm: 'GET' } }))).toBe(0);
  });
});
