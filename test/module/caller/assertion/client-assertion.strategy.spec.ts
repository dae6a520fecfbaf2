import * as oidc from 'openid-client';
import { beforeAll, expect, test } from 'vitest';
import { Client } from '../../../../src/module/caller/clients/client.entity.js';
import { challenges, refusal, seen, send, uidBody } from '../../endpoint/send.js';
import { describeEachServer } from '../../../support/databases.js';
import { revoke } from '../../../support/operator.js';
import { bob } from '../../../support/people.js';
import { serverFixture } from '../../../support/server.js';
import {
  acceptedAssertions,
  type Case,
  descriptions,
  keyHeaders,
  refusedAssertions,
  tokenOf,
} from '../assertion-cases.js';
import { register } from '../clients.js';
import { Signer } from '../signer.js';

const bobs = { format: 'uid', id: bob.uid };

describeEachServer('RFC 7521 §4.2, RFC 7523 §2.2, OpenID Connect Core 1.0 §9: clients that sign', (database) => {
  const server = serverFixture(database);
  let signer: Signer;
  let stranger: Signer;

  const registered = (more: object = {}) => ({
    metadata: {
      token_endpoint_auth_method: 'private_key_jwt',
      grant_types: ['client_credentials'],
      redirect_uris: [],
      response_types: [],
      jwks: signer.jwks,
      ...more,
    },
  });

  beforeAll(async () => {
    [signer, stranger] = [await Signer.create(), await Signer.create()];
    await register(server, 'signing', null, registered());
    await register(server, 'with-secret', 'a secret', registered());
    await register(server, 'basic-only', 'a secret', registered({ token_endpoint_auth_method: 'client_secret_basic' }));
    await register(server, 'public', null, { metadata: { jwks: signer.jwks } });
    await register(server, 'disabled', null, { ...registered(), enabled: 0 });
    await register(server, 'without-scope', null, { ...registered(), scope: 'openid' });
    await register(server, 'one-algorithm', null, registered({ token_endpoint_auth_signing_alg: 'RS256' }));
    await register(server, 'symmetric', null, registered({ token_endpoint_auth_signing_alg: 'HS256' }));
    await register(
      server,
      'two-keys',
      null,
      registered({ jwks: { keys: [stranger.jwk, { ...signer.jwk, kid: 'b' }] } }),
    );
    await register(server, 'no-keys', null, registered({ jwks: undefined }));
    await register(server, 'odd-keys', null, registered({ jwks: { keys: [{ ...signer.jwk, x: 'AAAA' }] } }));
    await register(server, 'signing-other', null, registered());
  });

  const assertion = (change: Case = {}, id = 'signing') =>
    tokenOf(change, { claims: { iss: id, sub: id, aud: server.url }, header: {} }, { signer, stranger });
  const call = (token: string, body = uidBody(bob.uid)) =>
    send(server.endpoint, { headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' }, body });
  const unauthorized = (description: string) =>
    refusal(401, 'invalid_token', description, {
      'www-authenticate': challenges(server.url, { Bearer: 'invalid_token' }),
    });

  test.each(acceptedAssertions)('returns 204 for an assertion: %s', async (_title, change) => {
    expect((await call(await assertion(change))).status).toBe(204);
  });

  test.each([undefined, 'client-authentication+jwt', 'application/Client-Authentication+JWT', 'JWT', 'jwt'])(
    'returns 204 for typ %s',
    async (typ) => {
      expect((await call(await assertion({ header: { typ } }))).status).toBe(204);
    },
  );

  test('returns 204 for aud as a list with one value', async () => {
    expect((await call(await assertion({ claims: { aud: [server.url] } }))).status).toBe(204);
  });

  test('returns 204 without iat', async () => {
    expect((await call(await assertion({ claims: { iat: undefined } }))).status).toBe(204);
  });

  test.each(refusedAssertions)('returns 401 for %s: %s', async (_title, description, change) => {
    expect(seen(await call(await assertion(change)))).toEqual(unauthorized(description));
  });

  const own: Array<[title: string, description: string, change: Case]> = [
    ['sub of another client', descriptions.subject, { claims: { sub: 'signing-other' } }],
    ['no sub', descriptions.claims, { claims: { sub: undefined } }],
    ['aud is the endpoint', descriptions.audience, { claims: { aud: 'ENDPOINT' } }],
    ['aud is the token endpoint', descriptions.audience, { claims: { aud: 'ISSUER/token' } }],
    ['aud with a trailing slash', descriptions.audience, { claims: { aud: 'ISSUER/' } }],
    ['aud with a second value', descriptions.audience, { claims: { aud: ['ISSUER', 'https://other.example'] } }],
    ['valid for two hours', descriptions.lifetime, { claims: { exp: (now: number) => now + 7200 } }],
    [
      'valid for two hours, no iat',
      descriptions.lifetime,
      { claims: { iat: undefined, exp: (now: number) => now + 7200 } },
    ],
    [
      'valid for two hours, iat an hour ago',
      descriptions.lifetime,
      {
        claims: { iat: (now: number) => now - 3600, exp: (now: number) => now + 3600 },
      },
    ],
    ['typ of an ID token', descriptions.type, { header: { typ: 'id_token+jwt' } }],
    ['typ of a DPoP proof', descriptions.type, { header: { typ: 'dpop+jwt' } }],
    ['typ of an identity provider', descriptions.untrusted, { header: { typ: 'global-token-revocation+jwt' } }],
  ];
  test.each(own)('returns 401 for %s: %s', async (_title, description, change) => {
    const here = JSON.stringify(change.claims ?? {})
      .replaceAll('ENDPOINT', server.endpoint)
      .replaceAll('ISSUER', server.url);
    const claims = { ...change.claims, ...(JSON.parse(here) as object) };
    expect(seen(await call(await assertion({ ...change, claims })))).toEqual(unauthorized(description));
  });

  test.each([
    ['registered for Basic', 'basic-only'],
    ['public', 'public'],
    ['disabled', 'disabled'],
    ['registered for another algorithm', 'one-algorithm'],
    ['registered for a symmetric algorithm', 'symmetric'],
    ['without keys', 'no-keys'],
    ['with an invalid key', 'odd-keys'],
    ['unknown', 'nobody'],
  ])('returns 401 for a client %s, with the same bytes as for a wrong signature', async (_title, id) => {
    const { date: _date, ...wrong } = (await call(await assertion({ by: 'stranger' }))).headers;
    const answer = await call(await assertion({}, id));
    const { date: _other, ...headers } = answer.headers;
    expect(headers).toEqual(wrong);
    expect(seen(answer)).toEqual(unauthorized(descriptions.untrusted));
  });

  test('accepts an assertion without kid that one of two keys signed', async () => {
    expect((await call(await assertion({ header: { kid: undefined } }, 'two-keys'))).status).toBe(204);
  });

  test('returns 401 for an assertion without kid that neither of two keys signed', async () => {
    const third = await Signer.create();
    const token = await third.sign(
      { iss: 'two-keys', sub: 'two-keys', aud: server.url, jti: 'x', exp: 9e9 },
      { kid: undefined },
    );
    expect(seen(await call(token))).toEqual(unauthorized(descriptions.untrusted));
  });

  test('ignores keys in the header and verifies with the registered keys', async () => {
    for (const [, header] of keyHeaders(stranger)) {
      expect((await call(await assertion({ by: 'stranger', header }))).status).toBe(401);
      expect((await call(await assertion({ header }))).status).toBe(204);
    }
  });

  test('returns 403 when the scope is not registered', async () => {
    expect((await call(await assertion({}, 'without-scope'))).status).toBe(403);
  });

  test('returns 401 when a client registered for private_key_jwt sends a secret', async () => {
    const headers = { authorization: `Basic ${Buffer.from('with-secret:a secret').toString('base64')}` };
    expect((await revoke(server, bobs, headers)).status).toBe(401);
  });

  test('returns 401 on the next request after the client is disabled', async () => {
    const clients = server.dataSource.getRepository(Client);
    expect((await call(await assertion({}, 'signing-other'))).status).toBe(204);
    await clients.update({ clientId: 'signing-other' }, { enabled: 0 });
    expect((await call(await assertion({}, 'signing-other'))).status).toBe(401);
  });

  test('records client, method and revoked user', async () => {
    await server.dataSource.query('DELETE FROM gtr_revocation');
    await call(await assertion());
    const [record] = await server.dataSource.query<object[]>('SELECT * FROM gtr_revocation');
    expect(record).toMatchObject({ actor: 'signing', method: 'private_key_jwt', format: 'uid', subject: bob.id });
  });

  test('the client gets a token at the token endpoint and can revoke with it', async () => {
    const options = { execute: [oidc.allowInsecureRequests] };
    const auth = oidc.PrivateKeyJwt({ key: signer.privateKey, kid: 'key-1' });
    const config = await oidc.discovery(new URL(server.url), 'signing', undefined, auth, options);
    const { access_token } = await oidc.clientCredentialsGrant(config, { scope: 'global_token_revocation' });
    expect((await call(access_token)).status).toBe(204);
  });
});
