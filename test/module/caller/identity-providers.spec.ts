import { X509Certificate } from 'node:crypto';
import type { JWK } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AuditEvent } from '../../../src/module/audit/audit-event.js';
import { AuditEvents } from '../../../src/module/audit/audit-events.js';
import { challenges, refusal, seen, send, uidBody } from '../endpoint/send.js';
import { describeEachServer } from '../../support/databases.js';
import { type Certificate, selfSigned } from '../../support/certificates.js';
import { bob } from '../../support/people.js';
import { startServer, type TestServer } from '../../support/server.js';
import {
  acceptedAssertions,
  type Case,
  descriptions,
  keyHeaders,
  refusedAssertions,
  tokenOf,
} from './assertion-cases.js';
import { Signer } from './signer.js';

const OKTA = 'https://example.okta.com';
const UNTYPED = 'https://untyped.example';
const typ = 'global-token-revocation+jwt';
const byEmail = JSON.stringify({ sub_id: { format: 'email', email: bob.email } });

const nameless = ({ jwk: { kid: _kid, ...key } }: Signer): JWK => key;

describeEachServer('identity providers', (database) => {
  let server: TestServer;
  let signer: Signer;
  let stranger: Signer;
  let certified: Certificate;

  beforeAll(async () => {
    [signer, stranger] = [await Signer.create(), await Signer.create()];
    const other = await Signer.create('key-2');
    certified = await selfSigned('idp.example');
    const keys = { jwks: signer.jwks };
    const identityProviders = [
      { id: 'okta', issuers: [OKTA, 'https://example.oktapreview.com'], keys },
      { id: 'app-1', issuers: ['https://shared.example'], subject: 'app-1', keys },
      { id: 'app-2', issuers: ['https://shared.example'], subject: 'app-2', keys: { jwks: stranger.jwks } },
      { id: 'one-subject', issuers: ['https://subject.example'], subject: 'our app', keys },
      { id: 'certificate', issuers: ['https://certificate.example'], keys: { certificate: certified.certificate } },
      { id: 'rsa-only', issuers: ['https://rsa.example'], keys, algorithms: ['RS256'] },
      { id: 'own-audience', issuers: ['https://audience.example'], keys, audience: 'urn:revocation' },
      { id: 'loose-clock', issuers: ['https://loose.example'], keys, clockToleranceSeconds: 60 },
      { id: 'exact-clock', issuers: ['https://exact.example'], keys, clockToleranceSeconds: 0 },
      { id: 'untyped', issuers: [UNTYPED], subject: '0oa1', acceptUntyped: true, keys },
      {
        id: 'two-keys',
        issuers: ['https://two.example'],
        keys: { jwks: { keys: [stranger.jwk, other.jwk, signer.jwk] } },
      },
      {
        id: 'nameless',
        issuers: ['https://nameless.example'],
        keys: { jwks: { keys: [stranger, signer].map(nameless) } },
      },
      { id: 'by-uid', issuers: ['https://uid.example'], keys, restrictions: { formats: ['uid'] } },
    ];
    server = await startServer(database, { env: { GTR_IDENTITY_PROVIDERS: JSON.stringify(identityProviders) } });
  });
  afterAll(() => server.stop());

  const assertion = (change: Case = {}, iss = OKTA) =>
    tokenOf(change, { claims: { iss, sub: '0oa1', aud: server.endpoint }, header: { typ } }, { signer, stranger });
  const call = (token: string, body = byEmail) =>
    send(server.endpoint, { headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' }, body });
  const status = async (change: Case, iss?: string) => (await call(await assertion(change, iss))).status;
  const unauthorized = (description: string) =>
    refusal(401, 'invalid_token', description, {
      'www-authenticate': challenges(server.url, { Bearer: 'invalid_token' }),
    });

  test.each(acceptedAssertions)('%s → 204', async (_title, change) => {
    expect(await status(change)).toBe(204);
  });

  test.each(refusedAssertions)('%s → 401 that says: %s', async (_title, description, change) => {
    expect(seen(await call(await assertion(change)))).toEqual(unauthorized(description));
  });

  const own: Array<[title: string, description: string, change: Case]> = [
    ['no iat', descriptions.claims, { claims: { iat: undefined } }],
    ['no sub', descriptions.claims, { claims: { sub: undefined } }],
    ['empty sub', descriptions.claims, { claims: { sub: '' } }],
    ['null for a sub', descriptions.claims, { claims: { sub: null } }],
    ['0 for a sub', descriptions.claims, { claims: { sub: 0 } }],
    ['a list for a sub', descriptions.claims, { claims: { sub: [] } }],
    ['an object for a sub', descriptions.claims, { claims: { sub: {} } }],
    ['true for a sub', descriptions.claims, { claims: { sub: true } }],
    [
      'valid for 301 s',
      descriptions.lifetime,
      {
        claims: { iat: (now: number) => now, exp: (now: number) => now + 301 },
      },
    ],
    ['aud is the issuer', descriptions.audience, { claims: { aud: 'ISSUER' } }],
    ['aud with a query', descriptions.audience, { claims: { aud: 'ENDPOINT?a=b' } }],
    ['aud with a slash at the end', descriptions.audience, { claims: { aud: 'ENDPOINT/' } }],
    ['aud and another', descriptions.audience, { claims: { aud: ['ENDPOINT', 'https://other.example'] } }],
    ['iss with a slash at the end', descriptions.untrusted, { claims: { iss: `${OKTA}/` } }],
    ['typ none', descriptions.untrusted, { header: { typ: undefined } }],
    ['typ of a client', descriptions.untrusted, { header: { typ: 'client-authentication+jwt' } }],
    ['typ that begins alike', descriptions.type, { header: { typ: `${typ}x` } }],
    ['typ of a logout token', descriptions.type, { header: { typ: 'logout+jwt' } }],
  ];
  test.each(own)('%s → 401 that says: %s', async (_title, description, change) => {
    const here = JSON.stringify(change.claims ?? {})
      .replaceAll('ENDPOINT', server.endpoint)
      .replaceAll('ISSUER', server.url);
    const claims = { ...change.claims, ...(JSON.parse(here) as object) };
    expect(seen(await call(await assertion({ ...change, claims })))).toEqual(unauthorized(description));
  });

  test.each(['at+jwt', 'application/AT+JWT'])(
    'typ %s → an access token, which this server did not issue',
    async (kind) => {
      const description = 'the access token is invalid, expired or revoked';
      expect(seen(await call(await assertion({ header: { typ: kind } })))).toEqual(unauthorized(description));
    },
  );

  test('as Okta sends it: nbf 5 min ago, valid for 5 min → 204', async () => {
    const claims = {
      nbf: (now: number) => now - 300,
      exp: (now: number) => now + 300,
    };
    expect(await status({ claims })).toBe(204);
  });

  test('sent to an address with a query → 204: aud is without', async () => {
    const { suffix, ...request } = {
      suffix: '?tenant=1',
      headers: { authorization: `Bearer ${await assertion()}`, 'content-type': 'application/json' },
      body: byEmail,
    };
    expect((await send(server.endpoint, { ...request, suffix })).status).toBe(204);
  });

  test('Host of somebody else → aud is still ours', async () => {
    const headers = {
      authorization: `Bearer ${await assertion()}`,
      'content-type': 'application/json',
      host: 'evil.example',
    };
    expect((await send(server.endpoint, { headers, body: byEmail })).status).toBe(204);
    const aud = 'http://evil.example/global-token-revocation';
    const other = { ...headers, authorization: `Bearer ${await assertion({ claims: { aud } })}` };
    expect((await send(server.endpoint, { headers: other, body: byEmail })).status).toBe(401);
  });

  test.each([
    ['the second issuer of an identity provider', {}, 'https://example.oktapreview.com', 204],
    ['any sub where none is demanded', { claims: { sub: 'anybody' } }, OKTA, 204],
    ['the sub that is demanded', { claims: { sub: 'our app' } }, 'https://subject.example', 204],
    ['another sub', {}, 'https://subject.example', 401],
    ['no sub where one is demanded', { claims: { sub: undefined } }, 'https://subject.example', 401],
    ['shared issuer, sub and key of one', { claims: { sub: 'app-1' } }, 'https://shared.example', 204],
    [
      'shared issuer, sub and key of the other',
      { claims: { sub: 'app-2' }, by: 'stranger' },
      'https://shared.example',
      204,
    ],
    ['shared issuer, sub of one and key of the other', { claims: { sub: 'app-2' } }, 'https://shared.example', 401],
    ['shared issuer, sub of neither', {}, 'https://shared.example', 401],
    ['an algorithm that is not in the list', {}, 'https://rsa.example', 401],
    ['an audience of its own', { claims: { aud: 'urn:revocation' } }, 'https://audience.example', 204],
    ['the endpoint where another audience is demanded', {}, 'https://audience.example', 401],
    [
      '50 s late with a tolerance of 60',
      { claims: { iat: (now: number) => now - 90, exp: (now: number) => now - 50 } },
      'https://loose.example',
      204,
    ],
    [
      '70 s late with a tolerance of 60',
      { claims: { iat: (now: number) => now - 90, exp: (now: number) => now - 70 } },
      'https://loose.example',
      401,
    ],
    ['2 s late with a tolerance of 0', { claims: { exp: (now: number) => now - 2 } }, 'https://exact.example', 401],
  ] as Array<[string, Case, string, number]>)('%s → %#', async (_title, change, iss, expected) => {
    expect(await status(change, iss)).toBe(expected);
  });

  test('key of a certificate, whatever kid → 204; another key → 401', async () => {
    const claims = { iss: 'https://certificate.example', sub: '0oa1', aud: server.endpoint };
    const header = { typ, kid: 'whatever', alg: 'RS256' };
    const good = await tokenOf({}, { claims, header }, { signer: await Signer.of(certified.key), stranger });
    expect((await call(good)).status).toBe(204);
    expect(await status({}, 'https://certificate.example')).toBe(401);
    expect(new X509Certificate(certified.certificate).subject).toBe('CN=idp.example');
  });

  test.each([
    ['two keys and no kid → the one that signed is found', 'https://two.example', undefined],
    ['two keys of one kid → the one that signed is found', 'https://two.example', 'key-1'],
    ['keys without kid, kid of the header → the one that signed is found', 'https://nameless.example', 'whatever'],
    ['keys without kid, no kid → the one that signed is found', 'https://nameless.example', undefined],
  ])('%s', async (_title, iss, kid) => {
    expect(await status({ header: { kid } }, iss)).toBe(204);
    const third = { signer: await Signer.create(), stranger };
    const good = { claims: { iss, aud: server.endpoint }, header: { typ, kid } };
    expect(seen(await call(await tokenOf({}, good, third)))).toEqual(unauthorized(descriptions.untrusted));
  });

  describe('a JWT without a typ of its own (draft -06 §3.5)', () => {
    const bare = (change: Case = {}, iss = UNTYPED) =>
      assertion({ ...change, header: { typ: undefined, ...change.header } }, iss);

    test.each([undefined, 'JWT', 'client-authentication+jwt', 'application/jwt', typ])('typ %s → 204', async (kind) => {
      expect((await call(await bare({ header: { typ: kind } }))).status).toBe(204);
    });

    test.each<[title: string, description: string, change: Case]>([
      ['sub of a person, as in an ID token', descriptions.subject, { claims: { sub: 'alice' } }],
      ['aud of the app, as in an ID token', descriptions.audience, { claims: { aud: '0oa1' } }],
      ['our issuer as aud, as of a client', descriptions.audience, { claims: { aud: 'ISSUER' } }],
      ['signed by a stranger', descriptions.untrusted, { by: 'stranger' }],
      ['no jti', descriptions.claims, { claims: { jti: undefined } }],
      ['typ of a logout token', descriptions.type, { header: { typ: 'logout+jwt' } }],
    ])('%s → 401 that says: %s', async (_title, description, change) => {
      const claims = JSON.parse(JSON.stringify(change.claims ?? {}).replaceAll('ISSUER', server.url)) as object;
      const kept = { ...change, claims: { ...change.claims, ...claims } };
      expect(seen(await call(await bare(kept)))).toEqual(unauthorized(description));
    });

    test('an access token of the issuer → 401: it says what it is', async () => {
      expect((await call(await bare({ header: { typ: 'at+jwt' } }))).status).toBe(401);
    });

    test.each([OKTA, 'https://subject.example'])('issuer %s, which does not accept them → 401', async (iss) => {
      const change = { claims: { sub: 'our app' } };
      expect(seen(await call(await bare(change, iss)))).toEqual(unauthorized(descriptions.untrusted));
    });

    test('the same one again → 204 without a second effect; with another body → 401', async () => {
      await server.dataSource.query('DELETE FROM gtr_revocation');
      const token = await bare();
      expect((await call(token)).status).toBe(204);
      expect((await call(token)).status).toBe(204);
      expect((await call(token, uidBody(bob.uid))).status).toBe(401);
      expect(await server.dataSource.query('SELECT actor FROM gtr_revocation')).toEqual([{ actor: 'untyped' }]);
    });
  });

  test('an algorithm that is not in the list → the same bytes as of an issuer nobody knows', async () => {
    const answer = seen(await call(await assertion({}, 'https://rsa.example')));
    expect(answer).toEqual(seen(await call(await assertion({}, 'https://nobody.example'))));
  });

  test('keys in the header → not followed', async () => {
    for (const [, header] of keyHeaders(stranger)) {
      expect(await status({ by: 'stranger', header })).toBe(401);
      expect(await status({ header })).toBe(204);
    }
  });

  test('a format outside the limit → the same bytes as an unknown user', async () => {
    const unknown = JSON.stringify({ sub_id: { format: 'email', email: 'nobody@example.com' } });
    const outside = await call(await assertion(), uidBody(bob.uid));
    expect(seen(outside)).toEqual(seen(await call(await assertion(), unknown)));
    expect(outside.status).toBe(404);
    expect((await call(await assertion({}, 'https://uid.example'), uidBody(bob.uid))).status).toBe(204);
  });

  test.each([
    ['another aud', { claims: { aud: 'https://other.example', jti: 'id-1' } }, OKTA, 'assertionAudience'],
    [
      'an algorithm that is not in its list',
      { claims: { jti: 'id-1' } },
      'https://rsa.example',
      'assertionAlgorithmNotListed',
    ],
    ['an issuer nobody configured', { claims: { jti: 'id-1' } }, 'https://nobody.example', 'assertionUntrusted'],
    ['signed by a stranger', { claims: { jti: 'id-1' }, by: 'stranger' }, OKTA, 'assertionUntrusted'],
  ] as Array<[string, Case, string, string]>)(
    'refused for %s → an event with the reason and the jti',
    async (_title, change, iss, reason) => {
      const events: AuditEvent[] = [];
      const stop = server.app.get(AuditEvents).subscribe((event) => void events.push(event));
      await call(await assertion(change, iss));
      await expect.poll(() => events.length).toBe(1);
      stop();
      expect(events[0]).toMatchObject({
        'event.reason': reason,
        'gtr.assertion.jti': 'id-1',
        'event.outcome': 'failure',
      });
      expect(events[0]!['error.message']).toMatch(/./);
    },
  );

  test('the record → names the identity provider and the profile', async () => {
    await server.dataSource.query('DELETE FROM gtr_revocation');
    await call(await assertion());
    const [record] = await server.dataSource.query<object[]>('SELECT * FROM gtr_revocation');
    expect(record).toMatchObject({ actor: 'okta', method: typ, format: 'email', subject: bob.id });
  });
});
