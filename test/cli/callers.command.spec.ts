import { beforeAll, describe, expect, test } from 'vitest';
import { type Case, refusedAssertions, tokenOf } from '../module/caller/assertion-cases.js';
import { register } from '../module/caller/clients.js';
import { Signer } from '../module/caller/signer.js';
import { send } from '../module/endpoint/send.js';
import { databases } from '../support/databases.js';
import { bob } from '../support/people.js';
import { serverFixture } from '../support/server.js';
import { ctl } from './ctl.js';

const sqlite = databases[0]!;
const OKTA = 'https://example.okta.com';
const typ = 'global-token-revocation+jwt';
const body = JSON.stringify({ sub_id: { format: 'email', email: bob.email } });

interface Said {
  accepted: boolean;
  refusal: { reason: string; status: number; error_description: string | null; details: string } | null;
  caller: object | null;
  assertion: object | null;
}

/** One of each kind of refusal. */
const KINDS = [
  ...['alg none, no signature', 'signed by a stranger', 'unknown kid', 'crit of something unknown', 'no exp', 'no jti'],
  ...['another aud', 'expired 15 s ago', 'iat in 30 s', 'no iss', 'claims that are no JSON'],
];

/** Output without the blanks that align it. */
const facts = (out: string): string => out.replaceAll(/ {2,}/g, '  ');

describe('ctl callers test, while a server runs', () => {
  let signer: Signer;
  let stranger: Signer;
  let settings: { GTR_IDENTITY_PROVIDERS: string };
  let env: Record<string, string>;

  const server = serverFixture(sqlite, async () => {
    [signer, stranger] = [await Signer.create(), await Signer.create()];
    const identityProviders = [
      { id: 'okta', issuers: [OKTA], keys: { jwks: signer.jwks } },
      {
        id: 'wonderland',
        issuers: ['https://tenant.example'],
        keys: { jwks: signer.jwks },
        restrictions: { tenant: 'wonderland' },
      },
      { id: 'rsa', issuers: ['https://rsa.example'], keys: { jwks: signer.jwks }, algorithms: ['RS256'] },
      { id: 'far', issuers: ['https://far.example'], keys: { jwksUri: 'https://127.0.0.1:1/keys' } },
    ];
    settings = { GTR_IDENTITY_PROVIDERS: JSON.stringify(identityProviders) };
    return { env: settings };
  });
  beforeAll(async () => {
    env = { DATABASE_URL: server.databaseUrl, ISSUER: server.url, ...settings };
    const metadata = { token_endpoint_auth_method: 'private_key_jwt', jwks: signer.jwks };
    await register(server, 'reader', null, { scope: 'openid', metadata });
  });

  const assertion = (change: Case = {}, iss = OKTA, header: object = { typ }) =>
    tokenOf(
      change,
      { claims: { iss, sub: '0oa1', aud: server.endpoint }, header: { ...header } },
      { signer, stranger },
    );
  const run = async (token: string, ...options: string[]) => {
    const { code, out, err } = await ctl(['callers', 'test', token, ...options, '--json'], env);
    expect(err).toBe('');
    return { code, ...(JSON.parse(out) as Said) };
  };
  const call = (token: string) =>
    send(server.endpoint, { headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' }, body });

  test('accepts a good assertion, shows its caller and does not use it up', async () => {
    const token = await assertion();
    for (let i = 0; i < 2; i += 1) {
      expect(await run(token, '--body', body)).toMatchObject({
        code: 0,
        accepted: true,
        caller: { id: 'okta', method: typ, keyId: 'key-1', restrictions: { formats: ['email', 'iss_sub'] } },
        assertion: { typ, alg: 'ES256', kid: 'key-1', iss: OKTA, sub: '0oa1', aud: server.endpoint },
      });
    }
    expect((await call(token)).status).toBe(204);
    expect(await run(token)).toMatchObject({ code: 4, accepted: false, refusal: { reason: 'assertionReplayed' } });
    expect((await run(token, '--body', body)).accepted).toBe(true);
  });

  test.each(refusedAssertions.filter(([title]) => KINDS.includes(title)))(
    'rejects %s with the message of the endpoint: %s',
    async (_title, description, change) => {
      const token = await assertion(change);
      const { code, accepted, refusal } = await run(token);
      expect({ code, accepted }).toEqual({ code: 4, accepted: false });
      expect(refusal).toMatchObject({ status: 401, error_description: description });
      expect(JSON.parse((await call(token)).body)).toMatchObject({ error_description: description });
    },
  );

  test('shows the actual and the expected aud in text output', async () => {
    const { code, out } = await ctl(
      ['callers', 'test', await assertion({ claims: { aud: 'https://a.example' } })],
      env,
    );
    expect(code).toBe(4);
    expect(out).toContain('refused  assertionAudience\n');
    expect(out).toContain('answer   401 invalid_token: aud of the assertion must be exactly one value');
    expect(out).toContain(`because  aud must be ${server.endpoint}`);
    expect(out).toContain('aud      https://a.example\n');
    expect(out).toMatch(/exp +\d{4}-.*Z \(in \d+ s\)/);
  });

  test('does not print control characters', async () => {
    const { out } = await ctl(['callers', 'test', await assertion({ claims: { jti: 'a\u001b[2Jb' } })], env);
    expect(out).not.toContain('\u001b');
  });

  test('rejects a client without the scope with insufficientScope', async () => {
    const token = await assertion({ claims: { sub: 'reader', aud: server.url } }, 'reader', {});
    expect(await run(token)).toMatchObject({ code: 4, refusal: { reason: 'insufficientScope', status: 403 } });
  });

  test.each([
    ['an unknown user', 'unknownSubject', '{"sub_id":{"format":"email","email":"nobody@example.com"}}'],
    ['a format that is not allowed', 'unknownSubject', '{"sub_id":{"format":"uid","id":"bob"}}'],
    ['malformed', 'malformedJson', '{"sub_id":'],
  ])('with a body, rejects %s with %s', async (_title, reason, text) => {
    expect(await run(await assertion(), '--body', text)).toMatchObject({ code: 4, refusal: { reason } });
  });

  test.each([
    [
      'a format that is not allowed',
      OKTA,
      { format: 'uid', id: 'bob' },
      "the caller's restrictions do not allow this format or issuer",
    ],
    [
      'an issuer that is not allowed',
      OKTA,
      { format: 'iss_sub', iss: OKTA, sub: 'x' },
      "the caller's restrictions do not allow this format or issuer",
    ],
    [
      'a user of another tenant',
      'https://tenant.example',
      { format: 'email', email: bob.email },
      "a user matches, but the caller's restrictions exclude it",
    ],
    ['nobody', OKTA, { format: 'email', email: 'nobody@example.com' }, 'no user matches'],
  ])('with a body, explains in text output: %s', async (_title, iss, subId, why) => {
    const { out } = await ctl(
      ['callers', 'test', await assertion({}, iss), '--body', JSON.stringify({ sub_id: subId })],
      env,
    );
    expect(facts(out)).toContain('refused  unknownSubject\nanswer  404 not_found: no such user\n');
    expect(facts(out)).toContain(`because  ${why}\n`);
    expect(facts(out)).toContain('restrictions  {"formats":["email","iss_sub"]');
  });

  test('shows 204 and that nobody matches when unknown users get 204', async () => {
    const silent = { ...env, GTR_UNKNOWN_SUBJECT: 'no_content' };
    const nobody = JSON.stringify({ sub_id: { format: 'email', email: 'nobody@example.com' } });
    const [token, json] = [await assertion(), ['--json']];
    for (const [options, said] of [
      [[], 'answer  204, the same as for a known user\nbecause  no user matches\n'],
      [json, '"refusal":{"reason":"unknownSubject","status":204,"error":null,"error_description":null,'],
    ] as const) {
      const { code, out } = await ctl(['callers', 'test', token, '--body', nobody, ...options], silent);
      expect([code, facts(out)]).toEqual([4, expect.stringContaining(said)]);
    }
  });

  test('names the algorithms that are allowed, unlike the endpoint', async () => {
    const token = await assertion({}, 'https://rsa.example');
    const { refusal } = await run(token);
    expect(refusal).toMatchObject({ reason: 'assertionAlgorithmNotListed' });
    expect(refusal!.details).toMatch(/^alg must be one of RS256: /);
    expect((await call(token)).body).toBe((await call(await assertion({ by: 'stranger' }))).body);
  });

  test('explains that the keys cannot be fetched', async () => {
    const { code, refusal } = await run(await assertion({}, 'https://far.example'));
    expect(code).toBe(5);
    expect(refusal).toMatchObject({ reason: 'unavailable', status: 503 });
    expect(refusal!.details).toMatch(/^keys: /);
  });

  test('rejects with featureDisabled while the flag is off', async () => {
    const off = { ...env, GTR_FEATURE_FLAGS: 'GLOBAL_TOKEN_REVOCATION=off' };
    const { code, out } = await ctl(['callers', 'test', await assertion(), '--json'], off);
    expect([code, JSON.parse(out)]).toMatchObject([4, { refusal: { reason: 'featureDisabled' } }]);
  });

  test.each(['opaque', ''])('reports wrong usage for %j, which is not a JWT', async (token) => {
    const { code, out, err } = await ctl(['callers', 'test', token], env);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain('not an assertion');
  });

  test('reports wrong usage for a JWT access token', async () => {
    const { code, err } = await ctl(['callers', 'test', await assertion({ header: { typ: 'at+jwt' } })], env);
    expect(code).toBe(2);
    expect(err).toContain('not an access token');
  });
});
