import { createHmac, randomUUID } from 'node:crypto';
import { exportSPKI, type JWTPayload } from 'jose';
import { compact, type Signer } from './signer.js';

interface Good {
  claims: JWTPayload;
  header: Record<string, unknown>;
}

/** What is sent instead of a good assertion: other claims and headers, or another token altogether. */
export interface Case {
  /** Members that are functions are given the time. */
  claims?: Record<string, unknown>;
  header?: Record<string, unknown>;
  /** Signed by somebody else. */
  by?: 'stranger';
  token?: (good: Good, signer: Signer) => string | Promise<string>;
}

/** Seconds from when it is signed. */
const from = (seconds: number) => (now: number) => now + seconds;

const text = {
  malformed: 'the assertion must be a compact JWT with a JSON header and JSON claims, and must not use crit',
  algorithm: 'alg of the assertion is not accepted: use an asymmetric algorithm that the metadata lists',
  untrusted: 'the issuer of the assertion is unknown, or none of its keys verifies the signature',
  claims:
    'the assertion must have valid iss, sub, aud, exp and jti claims, and also iat if an identity provider signs it',
  subject: 'sub of the assertion is not the value expected for its issuer',
  audience:
    'aud of the assertion must be exactly one value: the issuer of this server (client) or the endpoint URL (identity provider)',
  expired: 'the assertion has expired: create a new one for each request',
  early: 'nbf or iat of the assertion is in the future',
  lifetime: 'the assertion is valid for too long: at most 5 minutes after iat, or one hour for a client',
  type: 'typ of the assertion must be global-token-revocation+jwt (identity provider), or client-authentication+jwt or absent (client)',
};
export { text as descriptions };

/** Signed with HMAC, the public key for a secret: what a verifier accepts that lets the header choose the algorithm. */
async function confused({ claims, header }: Good, { publicKey }: Signer, alg: 'HS256' | 'HS384') {
  const unsigned = compact({ ...header, alg }, claims).slice(0, -1);
  const hmac = createHmac(alg === 'HS256' ? 'sha256' : 'sha384', await exportSPKI(publicKey));
  return `${unsigned}.${hmac.update(unsigned).digest('base64url')}`;
}

/** What is refused of any assertion, with the description it is refused with. */
export const refusedAssertions: ReadonlyArray<readonly [title: string, description: string, change: Case]> = [
  [
    'alg none, no signature',
    text.algorithm,
    { token: ({ claims, header }) => compact({ ...header, alg: 'none' }, claims) },
  ],
  ['no alg', text.algorithm, { token: ({ claims, header: { alg: _alg, ...header } }) => compact(header, claims) }],
  ['HS256 with the public key as secret', text.algorithm, { token: (good, signer) => confused(good, signer, 'HS256') }],
  ['HS384 with the public key as secret', text.algorithm, { token: (good, signer) => confused(good, signer, 'HS384') }],
  [
    'alg of another key type',
    text.untrusted,
    { token: (good) => compact({ ...good.header, alg: 'RS256' }, good.claims, 'AAAA') },
  ],
  [
    'alg of another curve',
    text.untrusted,
    { token: (good) => compact({ ...good.header, alg: 'ES384' }, good.claims, 'AAAA') },
  ],
  ['a signature of a stranger', text.untrusted, { by: 'stranger' }],
  ['unknown kid', text.untrusted, { header: { kid: 'key-2' } }],
  ['kid with an SQL injection', text.untrusted, { header: { kid: "' OR 1=1 -- ../../../dev/null" } }],
  ['no signature', text.untrusted, { token: ({ claims, header }) => compact(header, claims) }],
  [
    'a signature over another payload',
    text.untrusted,
    {
      token: async ({ claims, header }, signer) => {
        const signature = (await signer.sign(claims, header)).split('.')[2];
        return compact(header, { ...claims, jti: 'another' }, signature);
      },
    },
  ],
  [
    'crit with an unknown extension',
    text.malformed,
    { token: ({ claims, header }) => compact({ ...header, crit: ['urn:x'], 'urn:x': 1 }, claims, 'AAAA') },
  ],
  ['an encrypted JWT', text.malformed, { token: ({ header }) => `${compact(header, {})}.AAAA.AAAA` }],
  [
    'claims that are not JSON',
    text.malformed,
    { token: ({ header }) => `${compact(header, {}).split('.')[0]}.AAAA.AAAA` },
  ],
  ['claims that are a list', text.malformed, { token: ({ header }) => compact(header, [1], 'AAAA') }],
  ['a number as kid', text.malformed, { header: { kid: 7 } }],
  ['an object as kid', text.malformed, { header: { kid: { a: 1 } } }],
  ['a number as typ', text.malformed, { header: { typ: 5 } }],
  ['null as typ', text.malformed, { header: { typ: null } }],
  ['a list as kid', text.malformed, { header: { kid: ['key-1', 'key-2'] } }],
  ['no exp', text.claims, { claims: { exp: undefined } }],
  ['exp as text', text.claims, { claims: { exp: '9999999999' } }],
  ['no jti', text.claims, { claims: { jti: undefined } }],
  ['empty jti', text.claims, { claims: { jti: '' } }],
  ['a number as jti', text.claims, { claims: { jti: 7 } }],
  ['jti of 256 characters', text.claims, { claims: { jti: 'j'.repeat(256) } }],
  ['iat as text', text.claims, { claims: { iat: 'now' } }],
  ['no aud', text.claims, { claims: { aud: undefined } }],
  ['another aud', text.audience, { claims: { aud: 'https://other.example' } }],
  ['empty list as aud', text.audience, { claims: { aud: [] } }],
  ['expired 15 s ago', text.expired, { claims: { iat: from(-60), exp: from(-15) } }],
  ['nbf in 30 s', text.early, { claims: { nbf: from(30) } }],
  ['iat in 30 s', text.early, { claims: { iat: from(30) } }],
  ['another iss', text.untrusted, { claims: { iss: 'https://stranger.example' } }],
  ['no iss', text.untrusted, { claims: { iss: undefined } }],
  ['a list as iss', text.untrusted, { claims: { iss: ['a'] } }],
];

/** What is accepted of any assertion. */
export const acceptedAssertions: ReadonlyArray<readonly [title: string, change: Case]> = [
  ['unchanged', {}],
  ['expired 5 s ago', { claims: { iat: from(-60), exp: from(-5) } }],
  ['nbf in 5 s', { claims: { nbf: from(5) } }],
  ['nbf 5 min ago', { claims: { nbf: from(-300) } }],
  ['no kid', { header: { kid: undefined } }],
  ['with unknown members', { claims: { 'urn:x': 1 }, header: { 'urn:x': 1 } }],
];

/** Members of a header that name keys of their own: none of them is followed. */
export const keyHeaders = (
  stranger: Signer,
): ReadonlyArray<readonly [title: string, header: Record<string, unknown>]> => [
  ['jwk', { jwk: stranger.jwk }],
  ['jku', { jku: 'https://127.0.0.1:1/keys' }],
  ['x5u', { x5u: 'https://127.0.0.1:1/certificate' }],
  ['x5c', { x5c: ['AAAA'] }],
];

/** The token of a case: the good one, changed. */
export async function tokenOf(
  { claims = {}, header = {}, by, token }: Case,
  good: Good,
  signers: { signer: Signer; stranger: Signer },
): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  const changed = Object.entries({ jti: randomUUID(), iat: now, exp: now + 60, ...good.claims, ...claims }).map(
    ([name, value]) => [name, typeof value === 'function' ? (value as (now: number) => number)(now) : value],
  );
  const wanted = { claims: Object.fromEntries(changed) as JWTPayload, header: { ...good.header, ...header } };
  if (token) return token({ ...wanted, header: { alg: 'ES256', kid: 'key-1', ...wanted.header } }, signers.signer);
  return (by === 'stranger' ? signers.stranger : signers.signer).sign(wanted.claims, wanted.header);
}
