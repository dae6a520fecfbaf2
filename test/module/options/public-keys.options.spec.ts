import { execFileSync } from 'node:child_process';
import { generateKeyPairSync, type JsonWebKey } from 'node:crypto';
import { mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, inject, test } from 'vitest';
import { identityProviderFindings } from '../../../src/module/options/identity-providers.options.js';
import { publicKeysFindings, usableKeys } from '../../../src/module/options/public-keys.options.js';
import { isInstalled } from '../../support/tools.js';

const ec = (more: object = {}) => ({
  ...generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' }),
  ...more,
});
const exported = (pair: { publicKey: { export(options: { format: 'jwk' }): JsonWebKey } }) =>
  pair.publicKey.export({ format: 'jwk' });
const rsa = (modulusLength: number, more: object = {}) => ({
  ...exported(generateKeyPairSync('rsa', { modulusLength })),
  ...more,
});
const good = ec({ kid: 'good' });

describe('a set of keys, one of which can be used', () => {
  test.each<[string, unknown]>([
    ['for encryption', ec({ use: 'enc' })],
    ['for wrapping keys', rsa(2048, { alg: 'RSA-OAEP-256' })],
    ['for other operations', ec({ key_ops: ['deriveKey'] })],
    ['for ML-DSA', { kty: 'AKP', alg: 'ML-DSA-44', pub: 'AAAA' }],
    ['symmetric', { kty: 'oct', k: 'AAAA' }],
    ['on X25519', exported(generateKeyPairSync('x25519'))],
    ['on Ed448', exported(generateKeyPairSync('ed448'))],
    ['on secp256k1', exported(generateKeyPairSync('ec', { namedCurve: 'secp256k1' }))],
    ['without its point', { kty: 'EC', crv: 'P-256' }],
    ['too short', rsa(1024)],
    ['of no kind', {}],
    ['null', null],
    ['text', 'key'],
  ])('ignores another key that is %s, and rejects that key alone', (_title, other) => {
    for (const keys of [
      [other, good],
      [good, other],
    ]) {
      expect(publicKeysFindings({ keys }, 'jwks')).toEqual([]);
      expect(usableKeys({ keys })).toEqual({ keys: [good] });
    }
    expect(publicKeysFindings({ keys: [other] }, 'jwks')).toEqual([expect.stringContaining('jwks.keys[0]')]);
  });

  test('rejects a private key, which must not be in the options', () => {
    const secret = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' });
    expect(publicKeysFindings({ keys: [good, secret] }, 'jwks')).toEqual([
      'jwks.keys[1]: has a private part: give only the public key',
    ]);
  });

  test.each([{ keys: [] }, { keys: 'x' }, {}, null, []])('rejects %j', (jwks) => {
    expect(publicKeysFindings(jwks, 'jwks')).not.toEqual([]);
  });
});

test.runIf(isInstalled('openssl'))('rejects a certificate with an RSASSA-PSS key and names the reason', () => {
  const folder = mkdtempSync(join(inject('tempDir'), 'pss-'));
  const [key, file] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
  execFileSync('openssl', ['genpkey', '-algorithm', 'rsa-pss', '-pkeyopt', 'rsa_keygen_bits:2048', '-out', key]);
  execFileSync('openssl', ['req', '-x509', '-key', key, '-days', '2', '-subj', '/CN=pss', '-out', file]);
  const keys = { certificate: readFileSync(file, 'utf8') };
  expect(identityProviderFindings([{ id: 'a', issuers: ['https://a.example'], keys }], 'providers')).toEqual([
    expect.stringMatching(/has a key for RSASSA-PSS only, which JWK cannot express: create one with a plain RSA key/),
  ]);
});
