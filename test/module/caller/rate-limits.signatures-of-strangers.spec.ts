import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { send, uidBody } from '../endpoint/send.js';
import { type Host, operator, registerCallers, startHost } from '../host.js';
import { Signer } from './signer.js';

const LIMIT = 2;
const IDP = 'https://idp.example.com';

/** Authorization and DPoP headers of a credential. */
type Headers = Record<string, string>;

describe('RFC 6585 §4: strangers cannot make the server check signatures', () => {
  let stranger: Signer;
  let host: Host;
  let endpoint: string;

  beforeAll(async () => {
    stranger = await Signer.create();
    const { jwks } = await Signer.create();
    host = await startHost('fastify', {
      options: {
        jwtAccessTokens: { jwks },
        identityProviders: [{ id: 'idp', issuers: [IDP], keys: { jwks } }],
        rateLimits: { failures: { limit: LIMIT, ttlSeconds: 600 } },
      },
    });
    endpoint = `${host.url}/global-token-revocation`;
    await registerCallers(host);
  });
  afterAll(() => host.app.close());
  afterEach(() => vi.restoreAllMocks());

  const now = (): number => Math.floor(Date.now() / 1000);
  const claims = (more: object) => ({ aud: endpoint, iat: now(), exp: now() + 60, jti: randomUUID(), ...more });
  const signed = async (typ: string | undefined, more: object): Promise<Headers> => ({
    authorization: `Bearer ${await stranger.sign(claims(more), { typ })}`,
  });
  const accessToken = (client_id: unknown): Promise<Headers> =>
    signed('at+jwt', { iss: host.url, sub: client_id, client_id, scope: 'global_token_revocation' });
  const proof = async (): Promise<string> =>
    stranger.sign(
      { htm: 'POST', htu: endpoint, iat: now(), jti: randomUUID() },
      { typ: 'dpop+jwt', jwk: stranger.jwk },
    );

  /** Sends a credential beyond the limit. @returns the statuses, and how many signatures were checked */
  async function guess(make: () => Promise<Headers>) {
    const all = await Promise.all(Array.from({ length: LIMIT + 2 }, make));
    const verify = vi.spyOn(globalThis.crypto.subtle, 'verify');
    const statuses: number[] = [];
    for (const headers of all) {
      const sent = { 'content-type': 'application/json', ...headers };
      statuses.push((await send(endpoint, { headers: sent, body: uidBody('ann') })).status);
    }
    return { statuses, checked: verify.mock.calls.length };
  }

  test.each<[string, () => Promise<Headers>]>([
    ['a JWT access token of a client that does not exist', () => accessToken('nobody')],
    ['a JWT access token without a client', () => accessToken(undefined)],
    ['a JWT access token with a number as client', () => accessToken(7)],
    [
      'a JWT access token with a DPoP proof',
      async () => {
        const { authorization = '' } = await accessToken('nobody');
        return { authorization: authorization.replace('Bearer', 'DPoP'), dpop: await proof() };
      },
    ],
    ['an opaque token with a DPoP proof', async () => ({ authorization: 'DPoP opaque', dpop: await proof() })],
    ['a client assertion of nobody', () => signed('client-authentication+jwt', { iss: 'nobody', sub: 'nobody' })],
    ['an untyped assertion of nobody', () => signed(undefined, { iss: 'nobody', sub: 'nobody' })],
    ['an assertion of a client without keys', () => signed(undefined, { iss: operator.id, sub: operator.id })],
    [
      'a request of an unknown identity provider',
      () => signed('global-token-revocation+jwt', { iss: 'https://x.example' }),
    ],
  ])('%s: 401, then 429, and no signature is checked', async (_title, make) => {
    const { statuses, checked } = await guess(make);
    expect(checked).toBe(0);
    // Access tokens of all kinds share one bucket.
    expect(statuses.every((status) => status === 401 || status === 429)).toBe(true);
    expect(statuses.slice(LIMIT)).toEqual([429, 429]);
  });

  test('a forged JWT access token of a known client is checked, and the limit does not lock the client out', async () => {
    const { statuses, checked } = await guess(() => accessToken(operator.id));
    expect(checked).toBeGreaterThan(0);
    expect(statuses.slice(LIMIT)).toEqual([429, 429]);
    const authorization = `Basic ${Buffer.from(`${operator.id}:${operator.secret}`).toString('base64')}`;
    const headers = { 'content-type': 'application/json', authorization };
    expect((await send(endpoint, { headers, body: uidBody('ann') })).status).toBe(204);
  });
});
