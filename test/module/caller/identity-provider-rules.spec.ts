import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { identityProvidersError } from '../../../src/module/caller/assertion/identity-provider-rules.js';

const jwk = (type: 'ec' | 'rsa', more: object = {}, bits = 2048) => {
  const pair =
    type === 'ec'
      ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
      : generateKeyPairSync('rsa', { modulusLength: bits });
  return { ...pair.publicKey.export({ format: 'jwk' }), ...more };
};
const key = jwk('ec', { kid: 'a' });
const good = { id: 'okta', issuers: ['https://example.okta.com'], keys: { jwks: { keys: [key] } } };
const withKeys = (...keys: unknown[]) => ({ ...good, keys: { jwks: { keys } } });
const privateKey = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' });

test.each([
  ['none', []],
  ['the least', [good]],
  [
    'everything',
    [
      {
        ...good,
        subject: '0oa1',
        acceptUntyped: true,
        algorithms: ['ES256', 'RS256'],
        audience: 'urn:audience',
        restrictions: { formats: ['email'], issuers: ['https://a.example'], tenant: 'a', unknownSubject: 'no_content' },
        clockToleranceSeconds: 60,
      },
    ],
  ],
  ['two', [good, { ...good, id: 'other', issuers: ['https://other.example'] }]],
  [
    'a shared issuer, two subjects',
    [
      { ...good, subject: 'a' },
      { ...good, id: 'other', subject: 'b' },
    ],
  ],
  ['keys of several kinds', [withKeys(key, jwk('rsa', { use: 'sig' }))]],
])('%s → fine', (_title, identityProviders) => {
  expect(identityProvidersError(identityProviders)).toBeUndefined();
});

test.each([
  ['no list', {}, 'must be a list of identity providers'],
  ['text in the list', ['okta'], '[0] must be an object'],
  [
    'unknown member',
    [{ ...good, issuer: 'x' }],
    "[0] has no option 'issuer'; it has id, issuers, subject, " +
      'acceptUntyped, keys, algorithms, audience, restrictions, clockToleranceSeconds',
  ],
  ['no id', [{ ...good, id: undefined }], '[0] needs the member id'],
  [
    'acceptUntyped of text',
    [{ ...good, subject: 'a', acceptUntyped: 'yes' }],
    '[0].acceptUntyped must be true or false',
  ],
  ['acceptUntyped without a subject', [{ ...good, acceptUntyped: true }], '[0].acceptUntyped needs a subject'],
  ['empty id', [{ ...good, id: '' }], '[0].id must be text'],
  ['id of 256 characters', [{ ...good, id: 'i'.repeat(256) }], '[0].id must be text'],
  ['no issuers', [{ ...good, issuers: undefined }], '[0] needs the member issuers'],
  ['no issuer in the list', [{ ...good, issuers: [] }], '[0].issuers must be a list of texts'],
  ['one issuer without a list', [{ ...good, issuers: 'https://a.example' }], '[0].issuers must be a list of texts'],
  ['no keys', [{ ...good, keys: undefined }], '[0] needs the member keys'],
  ['empty keys', [{ ...good, keys: {} }], '[0].keys must have exactly one of '],
  [
    'two kinds of keys',
    [{ ...good, keys: { ...good.keys, certificate: 'x' } }],
    '[0].keys.certificate must be an X.509',
  ],
  [
    'no certificate',
    [{ ...good, keys: { certificate: 'x' } }],
    '[0].keys.certificate must be an X.509 certificate in PEM',
  ],
  [
    'keys that are a list',
    [{ ...good, keys: { jwks: [key] } }],
    '[0].keys.jwks must be an object with a non-empty list',
  ],
  ['no key', [withKeys()], '[0].keys.jwks must be an object with a non-empty list "keys"'],
  ['a symmetric key', [withKeys({ kty: 'oct', k: 'AAAA' })], '[0].keys.jwks.keys[0] must have the "kty"'],
  ['a private key', [withKeys(key, privateKey)], '[0].keys.jwks.keys[1] has a private part'],
  ['a key that encrypts', [withKeys({ ...key, use: 'enc' })], '[0].keys.jwks.keys[0] must have the "use" sig or none'],
  ['another curve', [withKeys({ ...key, crv: 'secp256k1' })], '[0].keys.jwks.keys[0] must be on one of the curves'],
  ['no point of the curve', [withKeys({ ...key, x: 'AAAA' })], '[0].keys.jwks.keys[0] is not a valid public key'],
  ['a short RSA key', [withKeys(jwk('rsa', {}, 1024))], '[0].keys.jwks.keys[0] must have at least 2048 bits'],
  ['a symmetric algorithm', [{ ...good, algorithms: ['HS256'] }], '[0].algorithms must be a list of RS256'],
  ['no algorithm', [{ ...good, algorithms: [] }], '[0].algorithms must be a list of RS256'],
  ['algorithm none', [{ ...good, algorithms: ['none'] }], '[0].algorithms must be a list of RS256'],
  ['audience that is no URL', [{ ...good, audience: 'here' }], '[0].audience must be a URL'],
  [
    'unknown limit',
    [{ ...good, restrictions: { format: ['email'] } }],
    ".restrictions are wrong: unknown limit 'format'; known: formats,",
  ],
  [
    'restrictions that are a list',
    [{ ...good, restrictions: [] }],
    '.restrictions are wrong: the restrictions of a caller must be a JSON object',
  ],
  [
    'odd answer',
    [{ ...good, restrictions: { unknownSubject: 'gone' } }],
    "restrictions are wrong: the limit 'unknownSubject' must be not_found or",
  ],
  ['tolerance of 61 s', [{ ...good, clockToleranceSeconds: 61 }], '[0].clockToleranceSeconds must be a whole number'],
  [
    'tolerance of half a second',
    [{ ...good, clockToleranceSeconds: 0.5 }],
    '[0].clockToleranceSeconds must be a whole',
  ],
  [
    'an id twice',
    [good, { ...good, issuers: ['https://b.example'] }],
    '[1].id is the id of an earlier identity provider',
  ],
  ['an issuer twice', [good, { ...good, id: 'b' }], '[1].issuers has one of an earlier identity provider'],
  ['an issuer twice, one subject', [good, { ...good, id: 'b', subject: 'b' }], '[1].issuers has one of an earlier'],
  [
    'an issuer twice, the same subject',
    [
      { ...good, subject: 'b' },
      { ...good, id: 'b', subject: 'b' },
    ],
    '[1].issuers has one of an earlier identity provider',
  ],
])('%s → named', (_title, identityProviders, problem) => {
  expect(identityProvidersError(identityProviders)).toContain(problem);
});
