import { createHmac } from 'node:crypto';
import { exportSPKI } from 'jose';
import type { BoundClient, ProofChanges } from './bound-client.js';
import { compact, Signer } from './signer.js';

const text = {
  missing: 'the request must have exactly one DPoP header with a proof',
  malformed:
    'the DPoP proof must be a JWT with typ dpop+jwt, an accepted alg, the public key as jwk, and the claims jti and iat',
  signature: 'the DPoP proof is not signed with the key in its jwk',
  request: 'htm and htu of the DPoP proof must be the request method and the published URL of this endpoint',
  time: 'iat of the DPoP proof is too far from the current time: create a new proof and check the clock',
  token: 'ath of the DPoP proof must be the hash of the access token',
  replayed: 'the DPoP proof has already been used',
  otherKey: 'the access token is not bound to the key of the DPoP proof',
  bound: 'the access token is bound to a key or certificate that the request does not present',
};
export { text as descriptions };

type Change = (client: BoundClient, endpoint: string) => ProofChanges | string | Promise<ProofChanges | string>;
type Case = readonly [title: string, description: string, change: Change];

const stranger = await Signer.create('stranger');
const seconds = (shift: number) => Math.floor(Date.now() / 1000) + shift;
const iat =
  (shift: number): Change =>
  () => ({ claims: { iat: seconds(shift) } });
const claim =
  (name: string, value: unknown): Change =>
  () => ({ claims: { [name]: value } });
const header =
  (name: string, value: unknown): Change =>
  () => ({ header: { [name]: value } });
const htu =
  (of: (endpoint: string) => string): Change =>
  (_client, endpoint) => ({ claims: { htu: of(endpoint) } });

/** The proof signed by HMAC, the public key for a secret. */
const confused: Change = async (client) => {
  const [head = '', claims = ''] = (await client.proof()).split('.');
  const shown = JSON.parse(Buffer.from(head, 'base64url').toString()) as object;
  const unsigned = [{ ...shown, alg: 'HS256' }].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'));
  const signed = `${unsigned[0]}.${claims}`;
  const hmac = createHmac('sha256', await exportSPKI(client.signer.publicKey)).update(signed);
  return `${signed}.${hmac.digest('base64url')}`;
};

/** The good claims under another header, without a signature. */
const unsigned =
  (head: object): Change =>
  async (client) => {
    const claims = (await client.proof()).split('.')[1]!;
    return compact({ typ: 'dpop+jwt', ...head }, JSON.parse(Buffer.from(claims, 'base64url').toString()));
  };

const privateJwk: Change = async ({ signer }) => ({ header: { jwk: await signer.privateJwk() } });

/** Proofs that are refused, and how. */
export const refusedProofs: readonly Case[] = [
  ['an empty header', text.malformed, () => ''],
  ['text that is not a JWT', text.malformed, () => 'proof'],
  ['a JWT of 5,000 characters', text.malformed, claim('x', 'x'.repeat(4000))],
  ['typ JWT', text.malformed, header('typ', 'JWT')],
  ['no typ', text.malformed, header('typ', undefined)],
  ['typ of an assertion', text.malformed, header('typ', 'global-token-revocation+jwt')],
  ['alg none', text.malformed, unsigned({ alg: 'none' })],
  ['no alg', text.malformed, unsigned({})],
  ['HS256 with the public key as secret', text.malformed, confused],
  ['a symmetric jwk', text.malformed, header('jwk', { kty: 'oct', k: 'c2VjcmV0' })],
  ['no jwk', text.malformed, header('jwk', undefined)],
  ['a private jwk', text.malformed, privateJwk],
  ['jwk of another key type', text.malformed, header('jwk', { kty: 'RSA', n: 'AQAB', e: 'AQAB' })],
  ['an RSA key with an exponent of 3072 bits', text.malformed, unsigned({ alg: 'RS256', jwk: slowKey({ e: 512 }) })],
  ['an RSA key with an exponent of 40 bits', text.malformed, unsigned({ alg: 'RS256', jwk: slowKey({ e: 7 }) })],
  ['an RSA key with a modulus of 8192 bits', text.malformed, unsigned({ alg: 'RS256', jwk: slowKey({ n: 1366 }) })],
  [
    'an RSA key with a list as modulus',
    text.malformed,
    unsigned({ alg: 'RS256', jwk: { ...slowKey({}), n: ['w'.repeat(1366)] } }),
  ],
  [
    'an RSA key with a number as exponent',
    text.malformed,
    unsigned({ alg: 'RS256', jwk: { ...slowKey({}), e: 65_537 } }),
  ],
  ['jwk that is not an object', text.malformed, header('jwk', 'key')],
  ['crit', text.malformed, unsigned({ alg: 'ES256', crit: ['exp'] })],
  ['no jti', text.malformed, claim('jti', undefined)],
  ['empty jti', text.malformed, claim('jti', '')],
  ['a number as jti', text.malformed, claim('jti', 7)],
  ['jti of 256 characters', text.malformed, claim('jti', 'j'.repeat(256))],
  ['no iat', text.malformed, claim('iat', undefined)],
  ['a signature of another client', text.signature, () => ({ by: stranger })],
  ['truncated signature', text.signature, async (client) => (await client.proof()).slice(0, -8)],
  ['key and signature of another client', text.otherKey, () => ({ by: stranger, header: { jwk: publicOf(stranger) } })],
  ['htm GET', text.request, claim('htm', 'GET')],
  ['htm in lower case', text.request, claim('htm', 'post')],
  ['no htm', text.request, claim('htm', undefined)],
  ['no htu', text.request, claim('htu', undefined)],
  ['htu that is not a URL', text.request, claim('htu', '/global-token-revocation')],
  ['a list as htu', text.request, (_client, endpoint) => ({ claims: { htu: [endpoint] } })],
  ['htu of the token endpoint', text.request, htu((endpoint) => new URL('/token', endpoint).href)],
  ['htu with another path', text.request, htu((endpoint) => `${endpoint}/x`)],
  ['htu with a trailing slash', text.request, htu((endpoint) => `${endpoint}/`)],
  ['htu with the path in capitals', text.request, htu((e) => e.replace('global', 'GLOBAL'))],
  ['htu on another host', text.request, htu((e) => e.replace('127.0.0.1', 'evil.example'))],
  ['htu on another port', text.request, htu((e) => e.replace(/:\d+\//, ':1/'))],
  ['htu with https', text.request, htu((e) => e.replace('http:', 'https:'))],
  ['htu with a user name before the host', text.request, htu((e) => e.replace('127.0.0.1', 'evil@127.0.0.1'))],
  ['htu with an encoded slash', text.request, htu((e) => e.replace('/global', '%2Fglobal'))],
  ['made 62 s ago', text.time, iat(-62)],
  ['made in 62 s', text.time, iat(62)],
  ['iat larger than any valid number', text.time, claim('iat', Number.MAX_VALUE)],
  ['expired', text.time, () => ({ claims: { exp: seconds(-62) } })],
  ['not before', text.time, () => ({ claims: { nbf: seconds(62) } })],
  ['no ath', text.token, claim('ath', undefined)],
  ['ath of another token', text.token, claim('ath', 'fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo')],
];

/** Proofs that are accepted. */
export const acceptedProofs: ReadonlyArray<readonly [title: string, change: Change]> = [
  ['unchanged', () => ({})],
  ['typ as a media type, in capitals', header('typ', 'application/DPoP+JWT')],
  ['made 50 s ago', iat(-50)],
  ['made in 50 s', iat(50)],
  ['jti of 255 characters', claim('jti', `${Date.now()}`.padEnd(255, 'j'))],
  ['htu with query and fragment', htu((endpoint) => `${endpoint}?a=b#c`)],
  ['scheme in capitals', htu((endpoint) => endpoint.replace('http', 'HTTP'))],
  ['path with dots and encoded letters', htu((e) => e.replace('/global', '/x/../%67lobal'))],
];

/** A public key that is of this size, in characters. */
function slowKey({ n = 342, e = 4 }) {
  return { kty: 'RSA', n: 'w'.repeat(n), e: e === 4 ? 'AQAB' : `B${'w'.repeat(e - 1)}` };
}

function publicOf({ jwk: { kid: _kid, alg: _alg, ...key } }: Signer) {
  return key;
}
