import { createHmac, randomUUID } from 'node:crypto';
import { exportSPKI } from 'jose';
import Provider from 'oidc-provider';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { AuditEvent } from '../../../src/module/audit/audit-event.js';
import { AuditEvents, FeatureFlags, InboundLogoutDocs, Revocation, SubjectEpochs } from '../../../src/module/index.js';
import { authority, type Certificate } from '../../support/certificates.js';
import { KeyServer } from '../caller/key-server.js';
import { compact, Signer } from '../caller/signer.js';
import { checkAnswer } from '../shared-signals/documented.js';
import { type AdapterName, adapters, type Host, HostUser, registerCallers, startHost } from '../host.js';

const EVENT = 'http://schemas.openid.net/event/backchannel-logout';
const CLIENT = 'our-client';
const SOON = { interval: 2 };
const now = (): number => Math.floor(Date.now() / 1000);

/** An OpenID Provider in which our users sign in: oidc-provider, on loopback, over TLS. */
class Upstream {
  issuer!: string;
  provider!: Provider;

  private constructor(
    readonly signer: Signer,
    readonly server: KeyServer,
  ) {}

  static async start(ca: Certificate): Promise<Upstream> {
    const upstream = new Upstream(
      await Signer.create('key-1', 'RS256'),
      await KeyServer.start(() => {}, '127.0.0.1', ca),
    );
    upstream.issuer = new URL(upstream.server.url()).origin;
    return upstream;
  }

  /** Registers us, with this address for logout tokens. */
  async register(uri: string): Promise<void> {
    const { alg, kid } = this.signer.jwk;
    this.provider = new Provider(this.issuer, {
      jwks: { keys: [{ ...(await this.signer.privateJwk()), alg, kid, use: 'sig' }] } as never,
      clients: [
        {
          client_id: CLIENT,
          client_secret: 'x'.repeat(32),
          redirect_uris: ['https://op.example/cb'],
          backchannel_logout_uri: uri,
        },
      ],
      features: { devInteractions: { enabled: false }, backchannelLogout: { enabled: true } },
      fetch: (url, { dispatcher: _guard, ...options } = {}) => fetch(url, options), // we are on loopback
    });
    const serve = this.provider.callback();
    this.server.answer = (request, response) => void serve(request, response);
  }

  /** Sends its own logout token. @throws Error with the status if it is not accepted */
  async logOut(sub: string): Promise<void> {
    const client = (await this.provider.Client.find(CLIENT)) as unknown as {
      backchannelLogout(sub: string, sid: string): Promise<void>;
    };
    await client.backchannelLogout(sub, 'sid-1');
  }
}

describe.each(Object.keys(adapters) as AdapterName[])(
  'OpenID.Back-Channel §2.4, §2.5, §2.6, §2.7, §2.8: logout tokens of an identity provider on %s',
  (adapter) => {
    let ca: Certificate;
    let upstream: Upstream;
    let stranger: Signer;
    let host: Host;
    let uri: string;
    const events: AuditEvent[] = [];

    beforeAll(async () => {
      ca = await authority();
      [upstream, stranger] = [await Upstream.start(ca), await Signer.create('key-1', 'RS256')];
      const { issuer } = upstream;
      const keys = { jwksUri: `${issuer}/jwks` };
      const local = { keys: { jwks: upstream.signer.jwks }, logoutClientId: CLIENT };
      const others = [
        'https://tenant.example',
        'https://no-logout.example',
        'https://untyped.example',
        'https://down.example',
      ];
      host = await startHost(adapter, {
        configure: (app) => app.setGlobalPrefix('api'),
        options: {
          users: {
            entity: HostUser,
            subject: 'id',
            attributes: { uid: 'login' },
            iss_sub: Object.fromEntries([issuer, ...others].map((each) => [each, each === others[3] ? 'id' : 'login'])),
          },
          identityProviders: [
            { id: 'upstream', issuers: [issuer], keys, logoutClientId: CLIENT },
            { id: 'tenant', issuers: [others[0]!], ...local, restrictions: { tenant: 'a' } },
            { id: 'no-logout', issuers: [others[1]!], keys: local.keys },
            {
              id: 'untyped',
              issuers: [others[2]!],
              ...local,
              logoutClientId: 'https://client.example',
              acceptUntyped: true,
              subject: 'ann',
              audience: 'https://client.example',
            },
            {
              id: 'down',
              issuers: [others[3]!],
              keys: { jwksUri: 'https://localhost:1/jwks' },
              logoutClientId: CLIENT,
            },
          ],
          rateLimits: { failures: { limit: 200, ttlSeconds: 60 } },
          remoteJwks: { allowedHosts: ['localhost'], ca: [ca.certificate] },
        },
      });
      uri = `${host.url}/upstream-logout`;
      await upstream.register(uri);
      await registerCallers(host);
      host.app.get(AuditEvents).subscribe((event) => {
        if (event['event.action'] === 'revocation-request') events.push(event);
      });
    });
    afterAll(async () => {
      await host.app.close();
      await upstream.server.stop();
    });
    beforeEach(async () => {
      events.length = 0;
      await host.dataSource.manager.clear(Revocation);
    });

    const claims = (more = {}) => ({
      ...{
        iss: upstream.issuer,
        aud: CLIENT,
        sub: 'ann',
        jti: randomUUID(),
        iat: now(),
        exp: now() + 120,
        events: { [EVENT]: {} },
      },
      ...more,
    });
    const logoutToken = (more = {}, header = {}, by = upstream.signer) =>
      by.sign(claims(more), { typ: 'logout+jwt', ...header });
    /** Holds each answer to the OpenAPI document. */
    const post = async (body: string | URLSearchParams, headers = {}, to = uri) => {
      const answer = await fetch(to, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
        body: String(body),
      });
      const { status } = answer;
      const document = host.app.get(InboundLogoutDocs).addTo({ paths: {} });
      expect(Object.keys(document.paths)).toEqual(['/upstream-logout']);
      checkAnswer(document, { method: 'POST', url: to, status, text: await answer.clone().text() });
      return answer;
    };
    const send = (token: string) => post(new URLSearchParams({ logout_token: token }));
    const records = (): Promise<Revocation[]> => host.dataSource.manager.find(Revocation);
    const epochOf = (id: string): Promise<number> => host.app.get(SubjectEpochs).epochForSignIn(id);
    const outcome = async () => {
      await expect.poll(() => events.length, SOON).toBe(1);
      const { 'event.reason': reason, 'error.message': details } = events[0]!;
      return [reason, details];
    };

    test('a logout at the identity provider ends everything of that user, and of nobody else', async () => {
      const [ann, ben] = [await epochOf('1'), await epochOf('2')];
      await upstream.logOut('ann');
      expect([(await epochOf('1')) > ann, await epochOf('2')]).toEqual([true, ben]);
      const told = {
        actor: 'upstream',
        method: 'logout+jwt',
        keyId: 'key-1',
        format: 'iss_sub',
        subject: '1',
        sourceIp: '127.0.0.1',
      };
      const [record, ...more] = await records();
      expect([record, more]).toMatchObject([told, []]);
      await expect
        .poll(() => events)
        .toMatchObject([{ 'event.outcome': 'success', 'event.id': record!.id, 'gtr.method': 'logout+jwt' }]);
    });

    test('the answer is 200, empty and not stored', async () => {
      const answer = await send(await logoutToken());
      expect([answer.status, answer.headers.get('cache-control'), await answer.text()]).toEqual([200, 'no-store', '']);
    });

    test.each([
      ['typ JWT', {}, { typ: 'JWT' }],
      ['no typ', {}, { typ: undefined }],
      ['application/logout+jwt', {}, { typ: 'application/logout+jwt' }],
      ['a sid besides sub', { sid: 'a' }, {}],
      ['aud as a list of one', { aud: [CLIENT] }, {}],
      ['other events besides', { events: { [EVENT]: { a: 1 }, 'urn:x': {} } }, {}],
    ])('accepts %s', async (_title, more, header) => {
      expect((await send(await logoutToken(more, header))).status).toBe(200);
      expect(await records()).toHaveLength(1);
    });

    const confused = async () => {
      const unsigned = compact({ alg: 'HS256', kid: 'key-1', typ: 'logout+jwt' }, claims()).slice(0, -1);
      return `${unsigned}.${createHmac('sha256', await exportSPKI(upstream.signer.publicKey))
        .update(unsigned)
        .digest('base64url')}`;
    };
    const hostile: Array<
      [title: string, reason: string, details: string | undefined, token: () => string | Promise<string>]
    > = [
      ['no JWT', 'logoutTokenMalformed', 'assertionMalformed', () => 'opaque'],
      [
        'alg none',
        'logoutTokenMalformed',
        'assertionAlgorithm',
        () => compact({ alg: 'none', typ: 'logout+jwt' }, claims()),
      ],
      ['HS256 with the public key as secret', 'logoutTokenMalformed', 'assertionAlgorithm', confused],
      [
        'typ of a security event',
        'logoutTokenMalformed',
        'assertionType',
        () => logoutToken({}, { typ: 'secevent+jwt' }),
      ],
      [
        'a signed revocation request',
        'logoutTokenMalformed',
        'assertionType',
        () => logoutToken({ aud: `${host.url}/api/global-token-revocation` }, { typ: 'global-token-revocation+jwt' }),
      ],
      [
        'a signed request without typ',
        'logoutTokenClaims',
        'assertionClaims: events',
        () => logoutToken({ events: undefined }, { typ: undefined }),
      ],
      [
        'a signature of a stranger',
        'logoutTokenUntrusted',
        'assertionUntrusted: ERR_JWS_SIGNATURE_VERIFICATION_FAILED',
        () => logoutToken({}, {}, stranger),
      ],
      [
        'an unknown kid',
        'logoutTokenUntrusted',
        'assertionUntrusted: ERR_JWKS_NO_MATCHING_KEY',
        () => logoutToken({}, { kid: 'key-2' }),
      ],
      [
        'another iss',
        'logoutTokenUntrusted',
        'assertionUntrusted: no identity provider has this iss, and this aud as logoutClientId',
        () => logoutToken({ iss: 'https://stranger.example' }),
      ],
      [
        'the aud of another client',
        'logoutTokenUntrusted',
        'assertionUntrusted: no identity provider has this iss, and this aud as logoutClientId',
        () => logoutToken({ aud: 'other' }),
      ],
      [
        'a second aud',
        'logoutTokenUntrusted',
        `assertionAudience: aud must be ${CLIENT}`,
        () => logoutToken({ aud: [CLIENT, 'other'] }),
      ],
      [
        'an issuer without logoutClientId',
        'logoutTokenUntrusted',
        'assertionUntrusted: no identity provider has this iss, and this aud as logoutClientId',
        () => logoutToken({ iss: 'https://no-logout.example' }),
      ],
      [
        'an expired one',
        'logoutTokenTime',
        'assertionExpired: exp',
        () => logoutToken({ iat: now() - 60, exp: now() - 15 }),
      ],
      [
        'one valid for 301 s',
        'logoutTokenTime',
        'assertionLifetime: at most 300 s',
        () => logoutToken({ exp: now() + 301 }),
      ],
      ['iat in 30 s', 'logoutTokenTime', 'assertionEarly: iat', () => logoutToken({ iat: now() + 30 })],
      ['no iat', 'logoutTokenClaims', 'assertionClaims: iat', () => logoutToken({ iat: undefined })],
      ['no exp', 'logoutTokenClaims', 'assertionClaims: exp', () => logoutToken({ exp: undefined })],
      ['no jti', 'logoutTokenClaims', 'assertionClaims: jti', () => logoutToken({ jti: undefined })],
      ['a nonce', 'logoutTokenClaims', 'assertionClaims: nonce', () => logoutToken({ nonce: 'n' })],
      ['no events', 'logoutTokenClaims', 'assertionClaims: events', () => logoutToken({ events: undefined })],
      ['events as a list', 'logoutTokenClaims', 'assertionClaims: events', () => logoutToken({ events: [EVENT] })],
      [
        'events with other members only',
        'logoutTokenClaims',
        'assertionClaims: events',
        () => logoutToken({ events: { 'urn:x': {} } }),
      ],
      [
        'an event that is not an object',
        'logoutTokenClaims',
        'assertionClaims: events',
        () => logoutToken({ events: { [EVENT]: true } }),
      ],
      ['neither sub nor sid', 'logoutTokenClaims', 'assertionClaims: sub', () => logoutToken({ sub: undefined })],
      ['only a sid', 'logoutTokenClaims', 'assertionClaims: sub', () => logoutToken({ sub: undefined, sid: 'a' })],
      ['an empty sub', 'logoutTokenClaims', 'assertionClaims: sub', () => logoutToken({ sub: '' })],
      ['a sub with a control character', 'logoutTokenUser', 'invalidIdentifier', () => logoutToken({ sub: 'a\n' })],
    ];
    test.each(hostile)('answers 400 for %s, and ends nothing', async (_title, reason, details, token) => {
      const answer = await send(await token());
      expect([answer.status, answer.headers.get('cache-control')]).toEqual([400, 'no-store']);
      expect(await answer.json()).toEqual({ error: 'invalid_request', error_description: expect.any(String) });
      expect(await outcome()).toEqual([reason, details]);
      expect(await records()).toEqual([]);
    });

    test('the same token again is answered 200 and ends nothing; another with its jti is answered 400', async () => {
      const jti = randomUUID();
      const token = await logoutToken({ jti });
      await send(token);
      const epoch = await epochOf('1');
      expect([(await send(token)).status, (await send(await logoutToken({ jti, sub: 'ben' }))).status]).toEqual([
        200, 400,
      ]);
      expect([await epochOf('1'), (await records()).length]).toEqual([epoch, 1]);
      await expect
        .poll(() => events.map((event) => event['event.reason']))
        .toEqual([undefined, undefined, 'logoutTokenReplayed']);
    });

    test.each([
      ['a user who is unknown here', {}],
      ['a user of another tenant', { iss: 'https://tenant.example', sub: 'ann' }],
    ])('%s is logged out already: 200', async (_title, more) => {
      expect((await send(await logoutToken({ sub: 'nobody', ...more }))).status).toBe(200);
      expect([(await outcome())[0], await records()]).toEqual(['unknownSubject', []]);
    });

    test.each([
      ['GET', 405, 'methodNotAllowed', () => fetch(uri)],
      [
        'a form: plain text',
        400,
        'logoutRequest',
        async () => post(`logout_token=${await logoutToken()}`, { 'content-type': 'text/plain' }),
      ],
      ['no logout_token', 400, 'logoutRequest', () => post('a=b')],
      [
        'two of them',
        400,
        'logoutRequest',
        async () => post(`logout_token=${await logoutToken()}&logout_token=${await logoutToken()}`),
      ],
      ['more than 8 kB', 413, 'bodyTooLarge', () => post(`logout_token=${'a'.repeat(9000)}`)],
      [
        'keys that cannot be fetched',
        503,
        'unavailable',
        async () => send(await logoutToken({ iss: 'https://down.example' })),
      ],
    ])('%s: %i', async (_title, status, reason, call) => {
      const answer = await call();
      expect([answer.status, answer.headers.get('cache-control'), (await outcome())[0]]).toEqual([
        status,
        'no-store',
        reason,
      ]);
      expect(await records()).toEqual([]);
    });

    test('other parameters of the form are ignored', async () => {
      expect(
        (
          await post(`a=b&logout_token=${await logoutToken()}`, {
            'content-type': 'application/x-www-form-urlencoded; charset=UTF-8',
          })
        ).status,
      ).toBe(200);
    });

    test.each([
      ['logout+jwt', 'assertionType'],
      [undefined, 'assertionType'],
    ])('a logout token of typ %s is not a revocation request', async (typ, reason) => {
      const token = await logoutToken({ iss: 'https://untyped.example', aud: 'https://client.example' }, { typ });
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
      const body = JSON.stringify({ sub_id: { format: 'uid', id: 'ann' } });
      const answer = await post(body, headers, `${host.url}/api/global-token-revocation`);
      expect([answer.status, (await outcome())[0], await records()]).toEqual([401, reason, []]);
    });

    test('while the feature flag is off, the answer is 403', async () => {
      const flags = host.app.get(FeatureFlags);
      await flags.set('GLOBAL_TOKEN_REVOCATION', false, 'test');
      await expect.poll(async () => (await send(await logoutToken())).status).toBe(403);
      await flags.set('GLOBAL_TOKEN_REVOCATION', true, 'test');
      await expect.poll(async () => (await send(await logoutToken())).status).toBe(200);
    });
  },
);

describe('a host', () => {
  test.each([
    ['calls', { calls: { limit: 1, ttlSeconds: 60 } }, 'ann', [200, 429]],
    ['rejected tokens', { failures: { limit: 1, ttlSeconds: 60 } }, '', [400, 429]],
  ])('limits the rate of %s', async (_title, rateLimits, sub, statuses) => {
    const signer = await Signer.create();
    const issuer = 'https://idp.example';
    const { app, url } = await startHost('fastify', {
      issuerPath: '/a',
      options: {
        users: { entity: HostUser, subject: 'id', iss_sub: { [issuer]: 'login' } },
        identityProviders: [{ id: 'idp', issuers: [issuer], keys: { jwks: signer.jwks }, logoutClientId: CLIENT }],
        logoutPath: 'logout/upstream',
        rateLimits,
      },
    });
    const call = async () => {
      const token = await signer.sign({
        iss: issuer,
        aud: CLIENT,
        sub,
        jti: randomUUID(),
        iat: now(),
        exp: now() + 60,
        events: { [EVENT]: {} },
      });
      return (
        await fetch(`${url}/a/logout/upstream`, { method: 'POST', body: new URLSearchParams({ logout_token: token }) })
      ).status;
    };
    expect([await call(), await call()]).toEqual(statuses);
    await app.close();
  });

  test("without a logoutClientId, the path is the application's own", async () => {
    const { app, url } = await startHost('express');
    expect((await fetch(`${url}/upstream-logout`, { method: 'POST' })).status).toBe(404);
    await app.close();
  });
});
