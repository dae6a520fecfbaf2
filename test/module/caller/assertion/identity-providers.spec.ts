import { X509Certificate } from 'node:crypto';
import type { JWK } from 'jose';
import { describe, expect, test } from 'vitest';
import type { AuditEvent } from '../../../../src/module/audit/audit-event.js';
import { AuditEvents } from '../../../../src/module/audit/audit-events.js';
import { challenges, refusal, seen, send, uidBody } from '../../endpoint/send.js';
import { describeEachServer } from '../../../support/databases.js';
import { type Certificate, selfSigned } from '../../../support/certificates.js';
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
import { Signer } from '../signer.js';

const OKTA = 'https://example.okta.com';
const UNTYPED = 'https://untyped.example';
const typ = 'global-token-revocation+jwt';
const byEmail = JSON.stringify({ sub_id: { format: 'email', email: bob.email } });

const nameless = ({ jwk: { kid: _kid, ...key } }: Signer): JWK => key;

describeEachServer('draft-06 §3.5, draft-ietf-oauth-rfc7523bis-11 §4: identity providers', (database) => {
  let signer: Signer;
  let stranger: Signer;
  let certified: Certificate;

  const server = serverFixture(database, async () => {
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
    return { env: { GTR_IDENTITY_PROVIDERS: JSON.stringify(identityProviders) } };
  });

  const assertion = (change: Case = {}, iss = OKTA) =>
    tokenOf(change, { claims: { iss, sub: '0oa1', aud: server.endpoint }, header: { typ } }, { signer, stranger });
  const call = (token: string, body = byEmail) =>
    send(server.endpoint, { headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' }, body });
  const status = async (change: Case, iss?: string) => (await call(await assertion(change, iss))).status;
  const unauthorized = (description: string) =>
    refusal(401, 'invalid_token', description, {
      'www-authenticate': challenges(server.url, { Bearer: 'invalid_token' }),
    });

  test.each(acceptedAssertions)('returns 204 for an assertion: %s', async (_title, change) => {
    expect(await status(change)).toBe(204);
  });

  test.each(refusedAssertions)('returns 401 for %s: %s', async (_title, description, change) => {
    expect(seen(await call(await assertion(change)))).toEqual(unauthorized(description));
  });

  const own: Array<[title: string, description: string, change: Case]> = [
    ['no iat', descriptions.claims, { claims: { iat: undefined } }],
    ['no sub', descriptions.claims, { claims: { sub: undefined } }],
    ['empty sub', descriptions.claims, { claims: { sub: '' } }],
    ['null as sub', descriptions.claims, { claims: { sub: null } }],
    ['0 as sub', descriptions.claims, { claims: { sub: 0 } }],
    ['a list as sub', descriptions.claims, { claims: { sub: [] } }],
    ['an object as sub', descriptions.claims, { claims: { sub: {} } }],
    ['true as sub', descriptions.claims, { claims: { sub: true } }],
    [
      'valid for 301 s',
      descriptions.lifetime,
      {
        claims: { iat: (now: number) => now, exp: (now: number) => now + 301 },
      },
    ],
    ['aud is the issuer', descriptions.audience, { claims: { aud: 'ISSUER' } }],
    ['aud with a query', descriptions.audience, { claims: { aud: 'ENDPOINT?a=b' } }],
    ['aud with a trailing slash', descriptions.audience, { claims: { aud: 'ENDPOINT/' } }],
    ['aud with a second value', descriptions.audience, { claims: { aud: ['ENDPOINT', 'https://other.example'] } }],
    ['iss with a trailing slash', descriptions.untrusted, { claims: { iss: `${OKTA}/` } }],
    ['typ none', descriptions.untrusted, { header: { typ: undefined } }],
    ['typ of a client', descriptions.untrusted, { header: { typ: 'client-authentication+jwt' } }],
    ['typ that begins with the right one', descriptions.type, { header: { typ: `${typ}x` } }],
    ['typ of a logout token', descriptions.type, { header: { typ: 'logout+jwt' } }],
  ];
  test.each(own)('returns 401 for %s: %s', async (_title, description, change) => {
    const here = JSON.stringify(change.claims ?? {})
      .replaceAll('ENDPOINT', server.endpoint)
      .replaceAll('ISSUER', server.url);
    const claims = { ...change.claims, ...(JSON.parse(here) as object) };
    expect(seen(await call(await assertion({ ...change, claims })))).toEqual(unauthorized(description));
  });

  test.each(['at+jwt', 'application/AT+JWT'])(
    'returns 401 for typ %s, as for an unknown access token',
    async (kind) => {
      const description = 'the access token is invalid, expired or revoked';
      expect(seen(await call(await assertion({ header: { typ: kind } })))).toEqual(unauthorized(description));
    },
  );

  test('returns 204 for an assertion of Okta: nbf 5 min ago, valid for 5 min', async () => {
    const claims = {
      nbf: (now: number) => now - 300,
      exp: (now: number) => now + 300,
    };
    expect(await status({ claims })).toBe(204);
  });

  test('returns 204 for a request with a query and an aud without it', async () => {
    const { suffix, ...request } = {
      suffix: '?tenant=1',
      headers: { authorization: `Bearer ${await assertion()}`, 'content-type': 'application/json' },
      body: byEmail,
    };
    expect((await send(server.endpoint, { ...request, suffix })).status).toBe(204);
  });

  test('expects the published URL as aud when Host is spoofed', async () => {
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
    ['any sub where none is required', { claims: { sub: 'anybody' } }, OKTA, 204],
    ['the required sub', { claims: { sub: 'our app' } }, 'https://subject.example', 204],
    ['another sub', {}, 'https://subject.example', 401],
    ['no sub where one is required', { claims: { sub: undefined } }, 'https://subject.example', 401],
    ['shared issuer, sub and key of the first', { claims: { sub: 'app-1' } }, 'https://shared.example', 204],
    [
      'shared issuer, sub and key of the second',
      { claims: { sub: 'app-2' }, by: 'stranger' },
      'https://shared.example',
      204,
    ],
    [
      'shared issuer, sub of the second and key of the first',
      { claims: { sub: 'app-2' } },
      'https://shared.example',
      401,
    ],
    ['shared issuer, sub of neither', {}, 'https://shared.example', 401],
    ['an algorithm that is not in the list', {}, 'https://rsa.example', 401],
    ['an audience of its own', { claims: { aud: 'urn:revocation' } }, 'https://audience.example', 204],
    ['the endpoint as aud where another audience is required', {}, 'https://audience.example', 401],
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
  ] as Array<[string, Case, string, number]>)(
    'checks an assertion by the settings of its identity provider: %s',
    async (_title, change, iss, expected) => {
      expect(await status(change, iss)).toBe(expected);
    },
  );

  test('accepts any kid with the key of a certificate, and rejects another key', async () => {
    const claims = { iss: 'https://certificate.example', sub: '0oa1', aud: server.endpoint };
    const header = { typ, kid: 'whatever', alg: 'RS256' };
    const good = await tokenOf({}, { claims, header }, { signer: await Signer.of(certified.key), stranger });
    expect((await call(good)).status).toBe(204);
    expect(await status({}, 'https://certificate.example')).toBe(401);
    expect(new X509Certificate(certified.certificate).subject).toBe('CN=idp.example');
  });

  test.each([
    ['two keys, without kid in the header', 'https://two.example', undefined],
    ['two keys with the same kid', 'https://two.example', 'key-1'],
    ['keys without kid, with kid in the header', 'https://nameless.example', 'whatever'],
    ['keys without kid, without kid in the header', 'https://nameless.example', undefined],
  ])('finds the key that signed among %s', async (_title, iss, kid) => {
    expect(await status({ header: { kid } }, iss)).toBe(204);
    const third = { signer: await Signer.create(), stranger };
    const good = { claims: { iss, aud: server.endpoint }, header: { typ, kid } };
    expect(seen(await call(await tokenOf({}, good, third)))).toEqual(unauthorized(descriptions.untrusted));
  });

  describe('RFC 7519 §5.1, RFC 7515 §4.1.9, RFC 8725 §3.11, §3.12: a JWT without a typ of its own (draft -06 §3.5)', () => {
    const bare = (change: Case = {}, iss = UNTYPED) =>
      assertion({ ...change, header: { typ: undefined, ...change.header } }, iss);

    test.each([undefined, 'JWT', 'client-authentication+jwt', 'application/jwt', typ])(
      'returns 204 for typ %s',
      async (kind) => {
        expect((await call(await bare({ header: { typ: kind } }))).status).toBe(204);
      },
    );

    test.each<[title: string, description: string, change: Case]>([
      ['sub of a user, as in an ID token', descriptions.subject, { claims: { sub: 'alice' } }],
      ['aud of the app, as in an ID token', descriptions.audience, { claims: { aud: '0oa1' } }],
      ['our issuer as aud, as in a client assertion', descriptions.audience, { claims: { aud: 'ISSUER' } }],
      ['a signature of a stranger', descriptions.untrusted, { by: 'stranger' }],
      ['no jti', descriptions.claims, { claims: { jti: undefined } }],
      ['typ of a logout token', descriptions.type, { header: { typ: 'logout+jwt' } }],
    ])('returns 401 for %s: %s', async (_title, description, change) => {
      const claims = JSON.parse(JSON.stringify(change.claims ?? {}).replaceAll('ISSUER', server.url)) as object;
      const kept = { ...change, claims: { ...change.claims, ...claims } };
      expect(seen(await call(await bare(kept)))).toEqual(unauthorized(description));
    });

    test('returns 401 for an access token of the identity provider', async () => {
      expect((await call(await bare({ header: { typ: 'at+jwt' } }))).status).toBe(401);
    });

    test.each([OKTA, 'https://subject.example'])('returns 401 for issuer %s, which requires typ', async (iss) => {
      const change = { claims: { sub: 'our app' } };
      expect(seen(await call(await bare(change, iss)))).toEqual(unauthorized(descriptions.untrusted));
    });

    test('a repeated assertion has no second effect, and returns 401 with another body', async () => {
      await server.dataSource.query('DELETE FROM gtr_revocation');
      const token = await bare();
      expect((await call(token)).status).toBe(204);
      expect((await call(token)).status).toBe(204);
      expect((await call(token, uidBody(bob.uid))).status).toBe(401);
      expect(await server.dataSource.query('SELECT actor FROM gtr_revocation')).toEqual([{ actor: 'untyped' }]);
    });
  });

  test('returns the same bytes for an algorithm that is not listed as for an unknown issuer', async () => {
    const answer = seen(await call(await assertion({}, 'https://rsa.example')));
    expect(answer).toEqual(seen(await call(await assertion({}, 'https://nobody.example'))));
  });

  test('ignores keys in the header', async () => {
    for (const [, header] of keyHeaders(stranger)) {
      expect(await status({ by: 'stranger', header })).toBe(401);
      expect(await status({ header })).toBe(204);
    }
  });

  test('returns the same bytes for a format that is not allowed as for an unknown user', async () => {
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
    ['an issuer that is not configured', { claims: { jti: 'id-1' } }, 'https://nobody.example', 'assertionUntrusted'],
    ['a signature of a stranger', { claims: { jti: 'id-1' }, by: 'stranger' }, OKTA, 'assertionUntrusted'],
  ] as Array<[string, Case, string, string]>)(
    'emits an event with reason and jti for %s',
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

  test('records identity provider and profile', async () => {
    await server.dataSource.query('DELETE FROM gtr_revocation');
    await call(await assertion());
    const [record] = await server.dataSource.query<object[]>('SELECT * FROM gtr_revocation');
    expect(record).toMatchObject({ actor: 'okta', method: typ, format: 'email', subject: bob.id });
  });
});
