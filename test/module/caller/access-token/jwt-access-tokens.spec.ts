import { createHash, randomUUID } from 'node:crypto';
import { calculateJwkThumbprint, type JWTPayload, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Client } from '../../../../src/module/index.js';
import { send, uidBody } from '../../endpoint/send.js';
import { type Host, noScope, operator, registerCallers, startHost } from '../../host.js';
import { compact, Signer } from '../signer.js';

const scope = 'openid global_token_revocation';
const seconds = (from: number): number => Math.floor(Date.now() / 1000) + from;

let signer: Signer;
let key: Signer;
let unnamed: Signer;
let host: Host;
let endpoint: string;

describe('RFC 9068 §2.1, §2.2, §2.2.1, §4, §5, RFC 8707 §2, OpenID Connect Back-Channel Logout 1.0 §2.1: JWT access tokens', () => {
  beforeAll(async () => {
    signer = await Signer.create();
    key = await Signer.create('dpop');
    const { kid: _kid, ...nameless } = (unnamed = await Signer.create()).jwk;
    const jwks = { keys: [(await Signer.create('retired')).jwk, nameless, signer.jwk] };
    host = await startHost('fastify', { options: { jwtAccessTokens: { jwks }, rateLimits: { failures: false } } });
    endpoint = `${host.url}/global-token-revocation`;
    await registerCallers(host);
  });
  afterAll(() => host.app.close());

  /** The claims of a token that the operator got with its client credentials. */
  const claims = (): JWTPayload => ({
    iss: host.url,
    aud: [endpoint, 'https://api.example.com'],
    sub: operator.id,
    client_id: operator.id,
    scope,
    iat: seconds(0),
    exp: seconds(300),
    jti: randomUUID(),
  });

  const token = (change: Record<string, unknown> = {}, header: object = {}, by = signer): Promise<string> =>
    by.sign({ ...claims(), ...change }, { typ: 'at+jwt', ...header });

  async function call(value: string, headers: Record<string, string> = {}) {
    const authorization = `Bearer ${value}`;
    const all = { authorization, 'content-type': 'application/json', ...headers };
    const { status, headers: answered, body } = await send(endpoint, { headers: all, body: uidBody('ann') });
    return { status, error: body && (JSON.parse(body) as { error: string }).error, challenge: answered };
  }

  test.each<[string, () => Promise<string>]>([
    ['of a client', () => token()],
    ['with one audience', () => token({ aud: endpoint })],
    ['with the full media type in capitals as typ', () => token({}, { typ: 'application/AT+JWT' })],
    ['signed by one of several keys, without kid', () => token({}, { kid: undefined })],
    ['signed by a key without kid, with kid in the header', () => token({}, { kid: 'its own' }, unnamed)],
    ['with a clock 5 s off', () => token({ exp: seconds(-5) })],
  ])('returns 204 for a token %s', async (_title, make) => {
    expect(await call(await make())).toMatchObject({ status: 204 });
  });

  test.each<[string, () => Promise<string>]>([
    ['of an ordinary user', () => token({ sub: '1' })],
    ['of a user with the account ID of the client, with auth_time', () => token({ auth_time: seconds(-5) })],
    ['of a user with the account ID of the client, with acr', () => token({ acr: '1' })],
    ['of a user with the account ID of the client, with amr', () => token({ amr: ['pwd'] })],
    ['of a user with the account ID of the client, with sid', () => token({ sid: 's' })],
    ['of a client, without the scope', () => token({ scope: 'openid' })],
    ['of a client, without any scope', () => token({ scope: undefined })],
  ])('returns 403 for a token %s', async (_title, make) => {
    expect(await call(await make())).toMatchObject({ status: 403, error: 'insufficient_scope' });
  });

  const publicKeyAsSecret = (): Promise<string> =>
    new SignJWT(claims())
      .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt', kid: 'key-1' })
      .sign(Buffer.from(JSON.stringify(signer.jwk)));

  test.each<[string, () => Promise<string> | string]>([
    ['of another issuer', () => token({ iss: 'https://other.example' })],
    ['for another audience', () => token({ aud: 'https://api.example.com' })],
    ['without audience', () => token({ aud: undefined })],
    ['that has expired', () => token({ exp: seconds(-60) })],
    ['that never expires', () => token({ exp: undefined })],
    ['without client_id', () => token({ client_id: undefined })],
    ['with a list as client_id', () => token({ client_id: [operator.id] })],
    ['with a list as scope', () => token({ scope: [scope] })],
    ['without subject', () => token({ sub: undefined })],
    ['of an unknown client', () => token({ client_id: 'nobody', sub: 'nobody' })],
    ['signed with another key, without kid', async () => token({}, { kid: undefined }, await Signer.create())],
    ['signed with another key', async () => token({}, {}, await Signer.create())],
    ['signed with the public key as a secret', publicKeyAsSecret],
    ['not signed', () => compact({ alg: 'none', typ: 'at+jwt' }, claims())],
    ['bound by an unknown method', () => token({ cnf: { kid: 'x' } })],
    ['bound to a value that is not text', () => token({ cnf: { jkt: { a: 1 } } })],
    ['bound to a key, without its proof', async () => token({ cnf: { jkt: await calculateJwkThumbprint(key.jwk) } })],
  ])('returns 401 for a token %s', async (_title, make) => {
    expect(await call(await make())).toMatchObject({ status: 401, error: 'invalid_token' });
  });

  test('a token bound to a key returns 204 with a proof of that key, 401 with another', async () => {
    const value = await token({ cnf: { jkt: await calculateJwkThumbprint(key.jwk) } });
    const statuses: number[] = [];
    for (const holder of [key, await Signer.create()]) {
      const ath = createHash('sha256').update(value).digest('base64url');
      const { kid: _kid, alg: _alg, ...jwk } = holder.jwk;
      const proof = { htm: 'POST', htu: endpoint, iat: seconds(0), jti: randomUUID(), ath };
      const dpop = await holder.sign(proof, { typ: 'dpop+jwt', kid: undefined, jwk });
      statuses.push((await call(value, { authorization: `DPoP ${value}`, dpop })).status);
    }
    expect(statuses).toEqual([204, 401]);
  });

  test('returns 401 for a token with an intact header and empty claims', async () => {
    const [header] = (await token()).split('.');
    for (const scheme of ['Bearer', 'DPoP']) {
      expect((await call('', { authorization: `${scheme} ${header}.e30x.e30` })).status).toBe(401);
    }
  });

  test('returns 401 on the next request after the client is disabled', async () => {
    const clients = host.dataSource.getRepository(Client);
    const value = await token({ client_id: noScope.id, sub: noScope.id });
    expect((await call(value)).status).toBe(204);
    await clients.update({ clientId: noScope.id }, { enabled: 0 });
    expect((await call(value)).status).toBe(401);
  });

  test('startup fails when the option jwtAccessTokens contains private keys', async () => {
    const jwks = { keys: [{ ...(await signer.privateJwk()) }] };
    await expect(startHost('fastify', { options: { jwtAccessTokens: { jwks } } })).rejects.toThrow(
      'jwtAccessTokens.jwks.keys[0]: has a private part',
    );
  });
});
