import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { identityProviderFindings } from '../../../src/module/options/identity-providers.options.js';

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
  ['the minimal provider', [good]],
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
  [
    'a shared issuer, two logoutClientIds',
    [
      { ...good, subject: 'a', logoutClientId: 'a' },
      { ...good, id: 'other', subject: 'b', logoutClientId: 'b' },
    ],
  ],
  ['logoutEnds', [{ ...good, logoutClientId: 'a', logoutEnds: 'session' }]],
  ['keys of several kinds', [withKeys(key, jwk('rsa', { use: 'sig' }))]],
])('accepts %s', (_title, identityProviders) => {
  expect(identityProviderFindings(identityProviders, 'providers')).toEqual([]);
});

test.each([
  ['an object instead of a list', {}, 'providers: must be a list, not an object'],
  ['text in the list', ['okta'], "providers[0]: must be an object, not 'okta'"],
  [
    'unknown member',
    [{ ...good, issuer: 'x' }],
    'providers[0].issuer: unknown name; known: id, issuers, subject, ' +
      'acceptUntyped, keys, algorithms, audience, logoutClientId, logoutEnds, restrictions, clockToleranceSeconds',
  ],
  ['no id', [{ ...good, id: undefined }], '[0].id: is missing'],
  [
    'text as acceptUntyped',
    [{ ...good, subject: 'a', acceptUntyped: 'yes' }],
    "[0].acceptUntyped: must be true or false, not 'yes'",
  ],
  ['acceptUntyped without a subject', [{ ...good, acceptUntyped: true }], '[0].acceptUntyped: needs a subject'],
  [
    'another value of logoutEnds',
    [{ ...good, logoutClientId: 'a', logoutEnds: 'sessions' }],
    "[0].logoutEnds: must be 'user' or 'session', not 'sessions'",
  ],
  [
    'logoutEnds without a logoutClientId',
    [{ ...good, logoutEnds: 'session' }],
    '[0].logoutEnds: needs a logoutClientId, because without it no logout token is accepted',
  ],
  ['empty id', [{ ...good, id: '' }], '[0].id: must be text of at most 255 characters'],
  ['id of 256 characters', [{ ...good, id: 'i'.repeat(256) }], '[0].id: must be text of at most 255 characters'],
  ['no issuers', [{ ...good, issuers: undefined }], '[0].issuers: is missing'],
  ['no issuer in the list', [{ ...good, issuers: [] }], '[0].issuers: must not be empty'],
  ['one issuer as text', [{ ...good, issuers: 'https://a.example' }], '[0].issuers: must be a list, not'],
  ['no keys', [{ ...good, keys: undefined }], '[0].keys: is missing'],
  ['empty keys', [{ ...good, keys: {} }], '[0].keys: must have exactly one of jwks, jwksUri, certificate'],
  [
    'two kinds of keys',
    [{ ...good, keys: { ...good.keys, certificate: 'x' } }],
    '[0].keys.certificate: must be an X.509',
  ],
  [
    'no certificate',
    [{ ...good, keys: { certificate: 'x' } }],
    '[0].keys.certificate: must be an X.509 certificate in PEM',
  ],
  ['a list as keys', [{ ...good, keys: { jwks: [key] } }], '[0].keys.jwks: must be an object, not a list'],
  [
    'the same logoutClientId twice',
    [
      { ...good, subject: 'a', logoutClientId: 'a' },
      { ...good, id: 'other', subject: 'b', logoutClientId: 'a' },
    ],
    '[1]: has the same issuer and logoutClientId as an earlier identity provider: set logoutClientId in only one of them',
  ],
  ['no key', [withKeys()], '[0].keys.jwks.keys: must have at least one key'],
  ['a symmetric key', [withKeys({ kty: 'oct', k: 'AAAA' })], '[0].keys.jwks.keys[0]: must have the "kty"'],
  ['a private key', [withKeys(key, privateKey)], '[0].keys.jwks.keys[1]: has a private part'],
  [
    'a key that encrypts',
    [withKeys({ ...key, use: 'enc' })],
    '[0].keys.jwks.keys[0]: must have the "use" sig, or no "use"',
  ],
  ['another curve', [withKeys({ ...key, crv: 'secp256k1' })], '[0].keys.jwks.keys[0]: must be on one of the curves'],
  [
    'a point that is not on the curve',
    [withKeys({ ...key, x: 'AAAA' })],
    '[0].keys.jwks.keys[0]: is not a valid public key',
  ],
  ['a short RSA key', [withKeys(jwk('rsa', {}, 1024))], '[0].keys.jwks.keys[0]: must have at least 2048 bits'],
  ['a symmetric algorithm', [{ ...good, algorithms: ['HS256'] }], "[0].algorithms[0]: must be 'RS256' or 'RS384' or "],
  ['no algorithm', [{ ...good, algorithms: [] }], '[0].algorithms: must not be empty'],
  ['algorithm none', [{ ...good, algorithms: ['none'] }], "[0].algorithms[0]: must be 'RS256' or 'RS384' or "],
  ['audience that is not a URL', [{ ...good, audience: 'here' }], "[0].audience: must be a URL, not 'here'"],
  [
    'unknown restriction',
    [{ ...good, restrictions: { format: ['email'] } }],
    '[0].restrictions.format: unknown name; known: formats, issuers, tenant, unknownSubject',
  ],
  ['a list as restrictions', [{ ...good, restrictions: [] }], '[0].restrictions: must be an object, not a list'],
  [
    'invalid unknownSubject',
    [{ ...good, restrictions: { unknownSubject: 'gone' } }],
    "[0].restrictions.unknownSubject: must be 'not_found' or 'no_content', not 'gone'",
  ],
  [
    'tolerance of 61 s',
    [{ ...good, clockToleranceSeconds: 61 }],
    '[0].clockToleranceSeconds: must be a whole number from 0 to 60, not 61',
  ],
  [
    'tolerance of half a second',
    [{ ...good, clockToleranceSeconds: 0.5 }],
    '[0].clockToleranceSeconds: must be a whole number from 0 to 60, not 0.5',
  ],
  [
    'a duplicate id',
    [good, { ...good, issuers: ['https://b.example'] }],
    '[1]: has the same id as an earlier identity provider',
  ],
  ['a duplicate issuer', [good, { ...good, id: 'b' }], '[1]: has the same issuer as an earlier identity provider'],
  [
    'a duplicate issuer, only one with a subject',
    [good, { ...good, id: 'b', subject: 'b' }],
    '[1]: has the same issuer as an earlier identity provider',
  ],
  [
    'a duplicate issuer with the same subject',
    [
      { ...good, subject: 'b' },
      { ...good, id: 'b', subject: 'b' },
    ],
    '[1]: has the same issuer as an earlier identity provider',
  ],
])('rejects %s', (_title, identityProviders, finding) => {
  expect(identityProviderFindings(identityProviders, 'providers')).toEqual([expect.stringContaining(finding)]);
});
