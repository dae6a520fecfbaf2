import { beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { Client } from '../../../../src/module/caller/clients/client.entity.js';
import { UsedAssertion } from '../../../../src/module/caller/assertion/used-assertion.entity.js';
import { sha256Hex } from '../../../../src/module/database/digest.js';
import { SubjectEpochs } from '../../../../src/module/revocation/subject-epochs.js';
import { type Answer, challenges, refusal, seen, send, uidBody } from '../../endpoint/send.js';
import { SqlLog, withoutTable } from '../../endpoint/sql-log.js';
import { Browser } from '../../../support/browser.js';
import { describeEachDatabase, describeEachServer } from '../../../support/databases.js';
import { alice, bob, demoOperator } from '../../../support/people.js';
import { oauthError, RelyingParty } from '../../../support/relying-party.js';
import { serverFixture } from '../../../support/server.js';
import { BoundClient } from '../bound-client.js';
import { acceptedProofs, descriptions, refusedProofs } from '../dpop-proofs.js';

const body = uidBody(bob.uid);
const operator = { clientIdHash: sha256Hex(demoOperator.clientId) };

describeEachServer('RFC 9449 §4.1, §4.3, §7, §7.1, §7.2, §11.6: access tokens that are bound to a key', (database) => {
  const server = serverFixture(database);
  let client: BoundClient;

  beforeAll(async () => {
    client = await BoundClient.create(server);
  });

  const call = (headers: Record<string, string> | string[]) => send(server.endpoint, { headers, body });
  const refused = (answer: Answer, error: string, description: string, scheme: 'Bearer' | 'DPoP' = 'DPoP') =>
    expect(seen(answer)).toEqual(
      refusal(401, error, description, { 'www-authenticate': challenges(server.url, { [scheme]: error }) }),
    );
  const errorOf = (description: string): string =>
    description === descriptions.otherKey ? 'invalid_token' : 'invalid_dpop_proof';

  describe('RFC 9449 §4.3, RFC 3986 §6.2.2, §6.2.3: the proof', () => {
    test.each(acceptedProofs)('returns 204 for a proof: %s', async (_title, change) => {
      const made = await change(client, server.endpoint);
      const headers = typeof made === 'string' ? client.with(made) : await client.headers(made);
      expect((await call(headers)).status).toBe(204);
    });

    test.each(refusedProofs)('returns 401 for a proof with %s: %s', async (_title, description, change) => {
      const made = await change(client, server.endpoint);
      const headers = typeof made === 'string' ? client.with(made) : await client.headers(made);
      refused(await call(headers), errorOf(description), description);
    });
  });

  test.each(['ES384', 'EdDSA', 'Ed25519', 'PS256', 'RS256'])('returns 204 with a key for %s', async (alg) => {
    const other = await BoundClient.create(server, alg);
    expect((await call(await other.headers())).status).toBe(204);
  });

  test.each(['dpop', 'DPOP'])('returns 204 with the scheme written as %s', async (scheme) => {
    const headers = await client.headers();
    expect((await call({ ...headers, authorization: `${scheme} ${client.token}` })).status).toBe(204);
  });

  test('the proof of an unknown token is not checked, whatever it is', async () => {
    const verify = vi.spyOn(crypto.subtle, 'verify');
    const { dpop = '' } = await client.headers();
    for (const proof of [dpop, 'x', ''])
      expect(
        (await call({ 'content-type': 'application/json', authorization: 'DPoP made-up', dpop: proof })).status,
      ).toBe(401);
    expect(verify).not.toHaveBeenCalled();
    expect((await call(await client.headers())).status).toBe(204);
    expect(verify).toHaveBeenCalled();
    verify.mockRestore();
  });

  test('returns 401 invalid_dpop_proof without a proof', async () => {
    const { dpop: _dpop, ...headers } = await client.headers();
    refused(await call(headers), 'invalid_dpop_proof', descriptions.missing);
  });

  test.each([
    ['two proofs', (one: string, two: string) => ['DPoP', one, 'DPoP', two]],
    ['the same proof twice', (one: string) => ['DPoP', one, 'dpop', one]],
  ])('returns 401 for %s', async (_title, proofs) => {
    const { authorization = '', dpop = '', ...rest } = await client.headers();
    const headers = [...Object.entries(rest).flat(), ...proofs(dpop, await client.proof())];
    refused(await call(['Authorization', authorization, ...headers]), 'invalid_dpop_proof', descriptions.missing);
  });

  test('returns 400 for two credentials', async () => {
    const headers = Object.entries(await client.headers()).flat();
    expect((await call([...headers, 'Authorization', `Bearer ${client.token}`])).status).toBe(400);
  });

  test('returns 401 for a bound token as a bearer token, with and without a proof', async () => {
    const { dpop, ...headers } = await client.headers();
    const stolen = { ...headers, authorization: `Bearer ${client.token}` };
    refused(await call(stolen), 'invalid_token', descriptions.bound, 'Bearer');
    refused(await call({ ...stolen, dpop: dpop! }), 'invalid_token', descriptions.bound, 'Bearer');
  });

  test('returns 401 for an unbound token with the DPoP scheme, 204 as a bearer token', async () => {
    const unbound = await BoundClient.unbound(server);
    refused(await call(await unbound.headers()), 'invalid_token', descriptions.otherKey);
    expect((await call({ ...(await unbound.headers()), authorization: `Bearer ${unbound.token}` })).status).toBe(204);
  });

  test('returns 401 invalid_token for a good proof with an unknown token', async () => {
    const nobodys = client.holding('no-token-at-all');
    const answer = await call(await nobodys.headers());
    refused(answer, 'invalid_token', 'the access token is invalid, expired or revoked');
  });

  test('returns 403 with a DPoP challenge for a token without the scope', async () => {
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
  ])('requires the published URL as htu when %s is spoofed', async (_title, spoofed) => {
    const evil = await client.headers({ claims: { htu: 'https://evil.example/global-token-revocation' } });
    refused(await call({ ...evil, ...spoofed }), 'invalid_dpop_proof', descriptions.request);
    expect((await call({ ...(await client.headers()), ...spoofed })).status).toBe(204);
  });

  test('returns 401 on the next request after the client is disabled', async () => {
    const clients = server.dataSource.getRepository(Client);
    await clients.update(operator, { enabled: 0 });
    const answer = await call(await client.headers());
    await clients.update(operator, { enabled: 1 });
    refused(answer, 'invalid_token', 'the access token is invalid, expired or revoked');
  });

  test('the metadata announces DPoP and its algorithms', async () => {
    const { body: metadata } = await send(`${server.url}/.well-known/openid-configuration`, { method: 'GET' });
    expect(JSON.parse(metadata)).toMatchObject({
      dpop_signing_alg_values_supported: ['ES256', 'ES384', 'EdDSA', 'Ed25519', 'PS256', 'RS256'],
      global_token_revocation_endpoint_auth_methods_supported: expect.arrayContaining(['DPoP']) as unknown,
    });
  });
});

describeEachDatabase('RFC 9449 §11.1: single use of a DPoP proof', (database) => {
  const server = serverFixture(database);
  let client: BoundClient;

  beforeAll(async () => {
    client = await BoundClient.create(server);
  });
  beforeEach(() => server.dataSource.query('DELETE FROM gtr_revocation'));

  const call = (headers: Record<string, string>, content = body) => send(server.endpoint, { headers, body: content });
  const records = () => server.dataSource.query<object[]>('SELECT * FROM gtr_revocation');
  const epoch = () => server.app.get(SubjectEpochs).current(bob.id);

  test('a successful request records client, method and key', async () => {
    expect((await call(await client.headers())).status).toBe(204);
    expect(await records()).toMatchObject([{ actor: 'demo-operator', method: 'DPoP', key_id: client.thumbprint }]);
  });

  test('returns 401 and keeps the epoch when the same request is repeated', async () => {
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

  test('returns one 204 for 100 simultaneous requests with one proof, and raises the epoch once', async () => {
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
  ])('a proof is used up after a response with %i', async (status, content) => {
    const headers = await client.headers();
    expect((await call(headers, content)).status).toBe(status);
    expect((await call(headers)).status).toBe(401);
  });

  test('rejects a second proof with the same jti, unless it has another key', async () => {
    const [claims, other] = [{ jti: 'the same' }, await BoundClient.create(server)];
    expect((await call(await client.headers({ claims }))).status).toBe(204);
    expect((await call(await client.headers({ claims }))).status).toBe(401);
    expect((await call(await other.headers({ claims }))).status).toBe(204);
  });

  test('returns 401 and writes nothing for a stolen token with a proof of the thief', async () => {
    const used = () => server.dataSource.getRepository(UsedAssertion).count();
    const [before, thief] = [await used(), await BoundClient.create(server)];
    const answers = await Promise.all(
      Array.from({ length: 20 }, async () => call(await thief.holding(client.token).headers())),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401]));
    expect(await used()).toBe(before);
  });

  test('ends session and refresh token of the revoked user only', async () => {
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

  test('keeps a used proof until it is too old to be accepted, then deletes it', async () => {
    const iat = Math.floor(Date.now() / 1000);
    await server.dataSource.getRepository(UsedAssertion).clear();
    await call(await client.headers({ claims: { iat } }));
    expect(await server.dataSource.getRepository(UsedAssertion).find()).toMatchObject([
      { expiresAt: (iat + 60) * 1000 },
    ]);
  });

  test('returns 503 and revokes nobody when used proofs cannot be read', async () => {
    server.app.useLogger(false);
    const headers = await client.headers();
    const answer = await withoutTable(server.dataSource, 'gtr_assertion', () => call(headers));
    expect(answer.status).toBe(503);
    expect(await records()).toEqual([]);
  });

  test('costs one INSERT more than a bearer token, and none when the proof is malformed', async () => {
    const sql = new SqlLog(server.dataSource);
    const bearer = (await BoundClient.unbound(server)).token;
    const count = async (headers: Record<string, string>) => (await sql.hotPathOf(() => call(headers))).length;
    const unbound = await count({ authorization: `Bearer ${bearer}`, 'content-type': 'application/json' });
    expect(await count(await client.headers())).toBe(unbound + 1);
    const malformed = await client.headers({ claims: { htm: 'GET' } });
    const statements = await sql.hotPathOf(() => call(malformed));
    expect(statements.filter((text) => /INSERT|UPDATE|DELETE/i.test(text))).toEqual([]);
  });
});
