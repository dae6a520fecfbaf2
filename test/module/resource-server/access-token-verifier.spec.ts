import { deflateSync } from 'node:zlib';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { createHash } from 'node:crypto';
import { networkInterfaces } from 'node:os';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  accessTokenOf,
  AccessTokenVerifier,
  rejectionOf,
  type ResourceServerOptions,
} from '../../../src/module/resource-server/index.js';
import { shorten } from '../../support/shorten.js';
import { AUDIENCE, Issuer, json } from './issuer.js';

let issuer: Issuer;
beforeEach(async () => {
  issuer = await Issuer.start();
});
afterEach(async () => {
  vi.useRealTimers();
  await issuer.stop();
});

const verifierOf = (options: Partial<ResourceServerOptions> = {}): AccessTokenVerifier =>
  new AccessTokenVerifier({ issuer: issuer.url, audience: AUDIENCE, allowedHosts: ['127.0.0.1'], ...options });

const requestWith = (headers: Record<string, string>, more: object = {}): IncomingMessage =>
  ({
    headers,
    headersDistinct: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
    method: 'GET',
    url: '/things?x=1',
    ...more,
  }) as unknown as IncomingMessage;

const bearer = (token: string): IncomingMessage => requestWith({ authorization: `Bearer ${token}` });

/** `valid`, or the reason of the refusal. */
async function outcome(verifier: AccessTokenVerifier, request: IncomingMessage | string): Promise<string> {
  try {
    await verifier.verify(typeof request === 'string' ? bearer(request) : request);
    return 'valid';
  } catch (error) {
    return (error as { reason?: string }).reason ?? String(error);
  }
}

/** Lets time pass for `Date` and `performance.now()`, but not for timers. */
function passes(seconds: number): void {
  if (!vi.isFakeTimers()) {
    const [now, shown] = [Date.now(), performance.now()];
    vi.useFakeTimers({ toFake: ['Date', 'performance'], now });
    vi.advanceTimersByTime(Math.ceil(shown - performance.now()) + 1);
    vi.setSystemTime(now);
  }
  const then = Date.now() + seconds * 1000;
  vi.advanceTimersByTime(seconds * 1000);
  vi.setSystemTime(then);
}

describe('JWT access tokens (RFC 9068 §4)', () => {
  test('a valid token gives client, person, scopes and claims, and the request remembers it', async () => {
    const request = bearer(await issuer.token(1));
    const token = await verifierOf().verify(request);
    expect(token).toMatchObject({ clientId: 'app', subject: 'alice', claims: { jti: '1' } });
    expect([...token.scopes]).toEqual(['read', 'write']);
    expect(accessTokenOf(request)).toBe(token);
    expect(accessTokenOf({ raw: request })).toBe(token);
    expect(accessTokenOf({})).toBeUndefined();
  });

  test('a token of the client itself has no person', async () => {
    const token = await verifierOf().verify(bearer(await issuer.token(1, { sub: 'app' })));
    expect(token).not.toHaveProperty('subject');
  });

  test.each<[string, object, object]>([
    ['another issuer', { iss: 'https://evil.example' }, {}],
    ['another audience', { aud: 'https://other.example.com' }, {}],
    ['no audience', { aud: undefined }, {}],
    ['an end in the past', { exp: Math.floor(Date.now() / 1000) - 60 }, {}],
    ['no end', { exp: undefined }, {}],
    ['a beginning in the future', { nbf: Math.floor(Date.now() / 1000) + 600 }, {}],
    ['no client', { client_id: undefined }, {}],
    ['no person', { sub: undefined }, {}],
    ['the type of an ID token', {}, { typ: 'JWT' }],
    ['the type of a status list', {}, { typ: 'statuslist+jwt' }],
    ['no status', { status: undefined }, {}],
    ['a status elsewhere', { status: { status_list: { idx: 1, uri: 'https://evil.example/1' } } }, {}],
    ['an index after the end of the list', { status: { status_list: { idx: 128, uri: 'URI' } } }, {}],
  ])('%s: invalidToken', async (_, claims, header) => {
    const text = JSON.stringify(claims).replace('"URI"', JSON.stringify(issuer.listUri));
    const undefinedOnes = Object.fromEntries(Object.keys(claims).map((name) => [name, undefined]));
    const token = await issuer.token(1, { ...undefinedOnes, ...(JSON.parse(text) as object) }, { ...header });
    expect(await outcome(verifierOf(), token)).toBe('invalidToken');
  });

  test.each(['', 'x', 'Bearer', 'Basic YTpi', 'Bearer a b', `Bearer ${'a'.repeat(20_000)}`, 'Bearer a.b.c'])(
    'the header %j: invalidToken, and nobody is asked',
    async (authorization) => {
      expect(await outcome(verifierOf(), requestWith({ authorization }))).toBe('invalidToken');
      expect(issuer.asked).toEqual({});
    },
  );

  test('no header: accessTokenMissing', async () => {
    expect(await outcome(verifierOf(), requestWith({}))).toBe('accessTokenMissing');
  });

  test('a signature by another key: invalidToken', async () => {
    const other = await Issuer.start();
    const token = await other.token(1, { iss: issuer.url });
    await other.stop();
    expect(await outcome(verifierOf(), token)).toBe('invalidToken');
  });
});

describe('status lists (draft-ietf-oauth-status-list §5.1, §8.3)', () => {
  test('a status of 1 ends the token once the ttl is over', async () => {
    const verifier = verifierOf();
    const [token, other] = [await issuer.token(1), await issuer.token(2)];
    expect(await outcome(verifier, token)).toBe('valid');
    issuer.ended.add(1);
    passes(16);
    expect(await outcome(verifier, token)).toBe('invalidToken');
    expect(await outcome(verifier, other)).toBe('valid');
  });

  test('1,000 requests cause one fetch of list, keys and metadata', async () => {
    const verifier = verifierOf();
    const token = await issuer.token(1);
    const all = await Promise.all(Array.from({ length: 1000 }, () => outcome(verifier, token)));
    expect(new Set(all)).toEqual(new Set(['valid']));
    expect(issuer.asked).toEqual({ '/.well-known/oauth-authorization-server': 1, '/jwks': 1, '/status/1': 1 });
  });

  test('the list is fetched in the background before its ttl ends', async () => {
    const verifier = verifierOf();
    const token = await issuer.token(1);
    await outcome(verifier, token);
    passes(12);
    let isAsked = false;
    issuer.instead['/status/1'] = async (_, response) => {
      isAsked = true;
      await vi.waitUntil(() => answers, { timeout: 20_000 });
      response.end(await issuer.list());
    };
    let answers = false;
    expect(await outcome(verifier, token)).toBe('valid'); // while the list server has not answered
    await vi.waitUntil(() => isAsked, { timeout: 20_000 });
    answers = true;
  });

  test('an outage is bridged until the list expires, then the answer is 503', async () => {
    const verifier = verifierOf();
    const token = await issuer.token(1);
    await outcome(verifier, token);
    issuer.instead['/status/1'] = (_, response) => void response.writeHead(500).end();
    passes(70);
    expect(await outcome(verifier, token)).toBe('valid');
    passes(20);
    expect(await outcome(verifier, token)).toBe('unavailable');
    delete issuer.instead['/status/1'];
    passes(2);
    expect(await outcome(verifier, token)).toBe('valid');
  });

  test('an older list never replaces the one held, and is no error', async () => {
    const verifier = verifierOf();
    const token = await issuer.token(1);
    issuer.ended.add(1);
    issuer.skew = 5; // the clock of this node is ahead
    expect(await outcome(verifier, token)).toBe('invalidToken');
    issuer.ended.clear(); // the other node has not heard of the revocation
    issuer.skew = -30;
    passes(16);
    expect(await outcome(verifier, token)).toBe('invalidToken');
    expect(issuer.asked['/status/1']).toBe(2);
    issuer.skew = 0;
    passes(16);
    expect(await outcome(verifier, token)).toBe('valid');
  });

  const hostile: Array<[string, (response: ServerResponse, list: Issuer['list']) => unknown]> = [
    ['a redirect', (response) => response.writeHead(302, { Location: issuer.listUri }).end()],
    ['an answer of 404', (response) => response.writeHead(404).end()],
    ['10 MB', (response) => response.end(Buffer.alloc(10_000_000, 97))],
    ['no JWT', (response) => response.end('{}')],
    ['the sub of another list', async (response, list) => response.end(await list({ sub: `${issuer.url}/status/2` }))],
    ['no sub', async (response, list) => response.end(await list({ sub: undefined }))],
    ['another issuer', async (response, list) => response.end(await list({ iss: 'https://evil.example' }))],
    ['another type', async (response, list) => response.end(await list({}, { typ: 'at+jwt' }))],
    ['no iat', async (response, list) => response.end(await list({ iat: undefined }))],
    ['an iat in the future', async (response, list) => response.end(await list({ iat: Date.now() / 1000 + 600 }))],
    ['no exp', async (response, list) => response.end(await list({ exp: undefined }))],
    ['an exp in the past', async (response, list) => response.end(await list({ exp: Date.now() / 1000 - 60 }))],
    ['a ttl of 0', async (response, list) => response.end(await list({ ttl: 0 }))],
    ['a ttl of text', async (response, list) => response.end(await list({ ttl: '15' }))],
    ['no list', async (response, list) => response.end(await list({ status_list: undefined }))],
    [
      'a list that inflates to 50 MB',
      async (response, list) => {
        const lst = deflateSync(Buffer.alloc(50_000_000)).toString('base64url');
        response.end(await list({ status_list: { bits: 1, lst } }));
      },
    ],
    [
      'a list signed by nobody',
      async (response, list) => {
        const [, payload] = (await list()).split('.');
        const header = Buffer.from('{"alg":"none","typ":"statuslist+jwt"}').toString('base64url');
        response.end(`${header}.${payload}.`);
      },
    ],
  ];
  test.each(hostile)('%s: unavailable, never valid', async (_, answer) => {
    issuer.instead['/status/1'] = async (_request, response) => {
      await answer(response, (claims, header) => issuer.list(claims, header));
    };
    expect(await outcome(verifierOf(), await issuer.token(1))).toBe('unavailable');
  });

  test('an answer that drips: unavailable after 5 s', async () => {
    issuer.instead['/status/1'] = (_, response) => {
      const timer = setInterval(() => response.write('a'), 100);
      response.on('close', () => clearInterval(timer));
    };
    const [verifier, token] = [verifierOf(), await issuer.token(1)];
    expect(await outcome(verifier, await issuer.token(1, { status: undefined }))).toBe('invalidToken'); // fetches the keys
    const shortened = shorten(5000, 500);
    expect(await outcome(verifier, token)).toBe('unavailable');
    expect(shortened()).toBe(1);
  });

  test('http is not allowed in production', async () => {
    vi.stubEnv('NODE_ENV', 'production');
    const verifier = verifierOf();
    vi.unstubAllEnvs();
    expect(await outcome(verifier, await issuer.token(1))).toBe('unavailable');
    expect(issuer.asked).toEqual({});
  });

  test('http is allowed only for loopback addresses', async () => {
    const address = Object.values(networkInterfaces())
      .flat()
      .find((each) => each?.family === 'IPv4' && !each.internal)?.address;
    const other = await Issuer.start(address ?? '0.0.0.0');
    const verifier = verifierOf({ issuer: other.url, allowedHosts: [new URL(other.url).hostname] });
    const asked = await outcome(verifier, await other.token(1));
    await other.stop();
    // A machine without a network has loopback addresses only.
    expect([asked, Object.keys(other.asked).length]).toEqual(address ? ['unavailable', 0] : ['valid', 3]);
  });

  test('an issuer at a private address that is not allowed: unavailable', async () => {
    const verifier = verifierOf({ allowedHosts: [] });
    expect(await outcome(verifier, await issuer.token(1))).toBe('unavailable');
    expect(issuer.asked).toEqual({});
  });
});

describe('keys (RFC 7517 §5)', () => {
  test('a new key is found, also when it signs tokens and lists at once', async () => {
    const verifier = verifierOf();
    expect(await outcome(verifier, await issuer.token(1))).toBe('valid');
    await issuer.rotate();
    passes(16);
    expect(await outcome(verifier, await issuer.token(2))).toBe('valid');
  });

  test('1,000 tokens with random kids cause one more fetch', async () => {
    const verifier = verifierOf();
    expect(await outcome(verifier, await issuer.token(1))).toBe('valid');
    const tokens = await Promise.all(Array.from({ length: 1000 }, (_, i) => issuer.token(1, {}, { kid: `k${i}` })));
    const all = await Promise.all(tokens.map((token) => outcome(verifier, token)));
    expect(new Set(all)).toEqual(new Set(['invalidToken']));
    expect(issuer.asked['/jwks']).toBe(2);
  });

  test.each<[string, (response: ServerResponse) => unknown]>([
    ['an answer of 500', (response) => response.writeHead(500).end()],
    ['metadata of another issuer', (response) => json(response, { issuer: 'https://evil.example', jwks_uri: 'x' })],
    ['no jwks_uri', (response) => json(response, { issuer: issuer.url })],
  ])('%s instead of the metadata: unavailable', async (_, answer) => {
    for (const path of ['oauth-authorization-server', 'openid-configuration'])
      issuer.instead[`/.well-known/${path}`] = (_request, response) => void answer(response);
    expect(await outcome(verifierOf(), await issuer.token(1))).toBe('unavailable');
  });

  test('the metadata of OpenID Connect is enough', async () => {
    issuer.instead['/.well-known/oauth-authorization-server'] = (_, response) => void response.writeHead(404).end();
    issuer.instead['/.well-known/openid-configuration'] = (_, response) =>
      json(response, { issuer: issuer.url, jwks_uri: `${issuer.url}/jwks` });
    expect(await outcome(verifierOf(), await issuer.token(1))).toBe('valid');
  });
});

describe('tokens that are bound to a key (RFC 9449 §7.1)', () => {
  const baseUrl = 'https://api.example.com';

  async function proofs() {
    const { privateKey, publicKey } = await generateKeyPair('ES256');
    const jwk = await exportJWK(publicKey);
    const { kty, crv, x, y } = jwk;
    const jkt = createHash('sha256').update(JSON.stringify({ crv, kty, x, y })).digest('base64url');
    const token = await issuer.token(1, { cnf: { jkt } });
    const proof = (claims: object = {}) =>
      new SignJWT({
        htm: 'GET',
        htu: `${baseUrl}/things`,
        ath: createHash('sha256').update(token).digest('base64url'),
        ...claims,
      })
        .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk })
        .setIssuedAt()
        .setJti(Math.random().toString())
        .sign(privateKey);
    return { token, proof };
  }

  test('a proof of the key is needed, for this request, and works once', async () => {
    const verifier = verifierOf({ baseUrl });
    const { token, proof } = await proofs();
    const dpop = await proof();
    const sent = requestWith({ authorization: `DPoP ${token}`, dpop });
    expect(await outcome(verifier, sent)).toBe('valid');
    expect(await outcome(verifier, sent)).toBe('dpopProofReplayed');
    expect(await outcome(verifier, bearer(token))).toBe('boundToken');
    expect(await outcome(verifier, requestWith({ authorization: `DPoP ${token}` }))).toBe('dpopProofMissing');
    const elsewhere = await proof({ htu: `${baseUrl}/other` });
    expect(await outcome(verifier, requestWith({ authorization: `DPoP ${token}`, dpop: elsewhere }))).toBe(
      'dpopProofRequest',
    );
    const mounted = requestWith(
      { authorization: `DPoP ${token}`, dpop: await proof() },
      { url: '/', originalUrl: '/things' },
    );
    expect(await outcome(verifier, mounted)).toBe('valid');
  });

  test('a token that is bound to another key or to a certificate is rejected', async () => {
    const verifier = verifierOf({ baseUrl });
    const [mine, other] = [await proofs(), await proofs()];
    const dpop = await mine.proof({ ath: createHash('sha256').update(other.token).digest('base64url') });
    expect(await outcome(verifier, requestWith({ authorization: `DPoP ${other.token}`, dpop }))).toBe(
      'keyOfAnotherToken',
    );
    const bound = await issuer.token(1, { cnf: { 'x5t#S256': 'a'.repeat(43) } });
    expect(await outcome(verifier, bound)).toBe('boundToken');
  });
});

describe('other sources (RFC 7662 §2.1, §2.2)', () => {
  test('introspection: an opaque token is valid while the answer says active', async () => {
    const verifier = verifierOf({ introspection: { clientId: 'api:1', clientSecret: 'se cret' } });
    const active: Record<string, unknown> = {
      ...{ active: true, client_id: 'app', sub: 'alice', scope: 'read', token_type: 'bearer' },
    };
    const sent: string[] = [];
    issuer.instead['/introspect'] = async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      sent.push(`${request.method} ${request.headers.authorization} ${Buffer.concat(chunks).toString()}`);
      json(response, active);
    };
    const token = await verifier.verify(bearer('opaque'));
    expect(token).toMatchObject({ clientId: 'app', subject: 'alice' });
    const basic = Buffer.from('api%3A1:se+cret').toString('base64');
    expect(sent).toEqual([`POST Basic ${basic} token=opaque&token_type_hint=access_token`]);
    for (const change of [
      { active: false },
      { active: 'true' },
      { active: true, aud: 'https://other.example.com' },
      { active: true, iss: 'https://evil.example' },
      { active: true, exp: 1 },
      { active: true, client_id: undefined },
      ...[undefined, 'refresh_token', 'N_A', ['Bearer'], true].map((token_type) => ({ token_type })),
    ]) {
      issuer.instead['/introspect'] = (_, response) => json(response, { ...active, ...change });
      expect(await outcome(verifier, 'opaque'), JSON.stringify(change)).toBe('invalidToken');
    }
    issuer.instead['/introspect'] = (_, response) => void response.writeHead(500).end();
    expect(await outcome(verifier, 'opaque')).toBe('unavailable');
  });

  test.each([
    ['unsupported_token_type', 'invalidToken'],
    ['invalid_request', 'unavailable'],
  ])('introspection: a 400 with %s means %s', async (error, reason) => {
    const verifier = verifierOf({ introspection: { clientId: 'api', clientSecret: 's' } });
    issuer.instead['/introspect'] = (_, response) => {
      const body = JSON.stringify({ error });
      response.writeHead(400, { 'content-type': 'application/json', 'content-length': body.length }).end(body);
    };
    expect(await outcome(verifier, 'opaque')).toBe(reason);
  });

  test('introspection: an answer is used for the configured seconds, and an error never', async () => {
    const verifier = verifierOf({ introspection: { clientId: 'api', clientSecret: 's', cacheSeconds: 10 } });
    issuer.instead['/introspect'] = (_, response) => void response.writeHead(500).end();
    expect(await outcome(verifier, 'opaque')).toBe('unavailable');
    issuer.instead['/introspect'] = (_, response) =>
      json(response, { active: true, client_id: 'app', token_type: 'Bearer' });
    expect(await outcome(verifier, 'opaque')).toBe('valid');
    issuer.instead['/introspect'] = (_, response) => json(response, { active: false });
    expect(await outcome(verifier, 'opaque')).toBe('valid');
    expect(await outcome(verifier, 'another')).toBe('invalidToken');
    passes(11);
    expect(await outcome(verifier, 'opaque')).toBe('invalidToken');
  });

  test('the shared database: the epoch of the token decides', async () => {
    let current = '7';
    const epochs = { isCurrent: async (_subject: string, epoch?: string) => epoch === current };
    const verifier = verifierOf({ epochs });
    const token = await issuer.token(1, { epoch: '7', status: undefined });
    expect(await outcome(verifier, token)).toBe('valid');
    expect(await outcome(verifier, await issuer.token(1, { status: undefined }))).toBe('invalidToken');
    expect(await outcome(verifier, await issuer.token(1, { epoch: ['7'], status: undefined }))).toBe('invalidToken');
    current = '8';
    expect(await outcome(verifier, token)).toBe('invalidToken');
    const broken = verifierOf({ epochs: { isCurrent: () => Promise.reject(new Error('no connection')) } });
    expect(await outcome(broken, token)).toBe('unavailable');
  });

  test('the shared database: a token with an epoch is that of a person, also if the person has the id of the client', async () => {
    const epochs = { isCurrent: async (subject: string, epoch?: string) => `${subject} ${epoch}` === 'app 7' };
    const verifier = verifierOf({ epochs });
    const tokenOf = (claims: object) => issuer.token(1, { sub: 'app', status: undefined, ...claims });
    expect(await outcome(verifier, await tokenOf({ epoch: 7 }))).toBe('valid');
    expect(await outcome(verifier, await tokenOf({ epoch: 6 }))).toBe('invalidToken');
    expect(await outcome(verifier, await tokenOf({}))).toBe('valid');
  });

  test('the shared database: tokens from before the module are live when the API says so', async () => {
    const epochs = { isCurrent: async (_subject: string, epoch?: string) => epoch === undefined };
    const token = await issuer.token(1, { status: undefined });
    expect(await outcome(verifierOf({ epochs }), token)).toBe('valid');
  });
});

describe('long connections', () => {
  test('watch calls once when the token has ended', async () => {
    const verifier = verifierOf();
    issuer.ttl = 1;
    const token = await verifier.verify(bearer(await issuer.token(1)));
    let ended = 0;
    const stop = verifier.watch(token, () => (ended += 1), 0.05);
    issuer.ended.add(1);
    await vi.waitUntil(() => ended > 0, { timeout: 30_000 });
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(ended).toBe(1);
    stop();
  });

  test('watch calls when the state cannot be checked, and not after it was stopped', async () => {
    const epochs = { isCurrent: async () => true };
    const verifier = verifierOf({ epochs });
    const token = await verifier.verify(bearer(await issuer.token(1, { epoch: '1' })));
    let [ended, stopped] = [0, 0];
    verifier.watch(token, () => (ended += 1), 0.05);
    verifier.watch(token, () => (stopped += 1), 0.05)();
    epochs.isCurrent = () => Promise.reject(new Error('no connection'));
    await vi.waitUntil(() => ended === 1, { timeout: 30_000 });
    expect(stopped).toBe(0);
  });
});

describe('answers (RFC 6750 §3, RFC 9449 §7.1)', () => {
  const answerTo = async (request: IncomingMessage) =>
    rejectionOf(
      await verifierOf()
        .verify(request)
        .catch((error: unknown) => error),
      request.headers.authorization,
    );

  test('without a token, the challenge has no error', async () => {
    expect(await answerTo(requestWith({}))).toEqual({
      status: 401,
      headers: { 'Cache-Control': 'no-store', 'WWW-Authenticate': 'Bearer' },
      body: { error_description: 'an access token is required' },
    });
  });

  test('an invalid token: 401 with the error', async () => {
    const { status, headers } = await answerTo(bearer('x'));
    expect(status).toBe(401);
    expect(headers['WWW-Authenticate']).toBe(
      'Bearer error="invalid_token", error_description="the access token is invalid, expired or revoked"',
    );
  });

  test('no list: 503 with Retry-After and no challenge', async () => {
    issuer.instead['/status/1'] = (_, response) => void response.writeHead(500).end();
    const { status, headers } = await answerTo(bearer(await issuer.token(1)));
    expect({ status, headers }).toEqual({ status: 503, headers: { 'Cache-Control': 'no-store', 'Retry-After': '5' } });
  });

  test('an error of another kind is thrown', () => {
    const other = new TypeError('other');
    expect(() => rejectionOf(other)).toThrow(other);
  });
});

describe('options', () => {
  test.each<[object, string]>([
    [{ issuer: 'op' }, "issuer: must be an absolute URL, not 'op'"],
    [{ audience: [] }, 'audience: must be text or a list of texts, not a list'],
    [{ baseUrl: 'https://api.example.com/v1' }, 'baseUrl: must be an origin'],
    [{ epochs: {} }, 'epochs: must be an object with isCurrent()'],
    [{ introspection: { clientId: 'api' } }, 'introspection.clientSecret: is missing'],
    [{ audiance: 'x' }, 'audiance: unknown name'],
    [
      { introspection: { clientId: 'a', clientSecret: 'b' }, epochs: { isCurrent: () => true } },
      'epochs: must not be set together with introspection',
    ],
  ])('%j: %s', (options, message) => {
    expect(() => verifierOf(options)).toThrow(message);
  });
});
