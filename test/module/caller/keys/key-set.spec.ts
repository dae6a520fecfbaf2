import { errors, type JWK } from 'jose';
import { beforeAll, describe, expect, test } from 'vitest';
import { keysOf, verifyJwt } from '../../../../src/module/caller/keys/key-set.js';
import { Signer } from '../signer.js';

const nameless = ({ jwk: { kid: _kid, ...key } }: Signer): JWK => key;
const claims = { aud: 'us', exp: 9_999_999_999 };
const options = { algorithms: ['ES256'], audience: 'us' };

describe('RFC 7515 §4.1.4, RFC 7519 §7.2, RFC 8725 §3, §3.1, §3.2: the key that a JWT was signed with (RFC 7517 §4.5)', () => {
  let a: Signer;
  let b: Signer;
  beforeAll(async () => {
    [a, b] = [await Signer.create('a'), await Signer.create('b')];
  });

  const verify = async (keys: JWK[], by: Signer, kid?: string, audience = 'us') =>
    verifyJwt(await by.sign({ ...claims, aud: audience }, { kid }), keysOf({ keys }), options);
  const codeOf = async (verified: Promise<unknown>): Promise<string | undefined> =>
    verified.then(
      () => undefined,
      (error: errors.JOSEError) => error.code,
    );
  const NO_KEY = errors.JWKSNoMatchingKey.code;
  const BAD = errors.JWSSignatureVerificationFailed.code;

  test.each<[title: string, keys: () => JWK[], by: () => Signer, kid: string | undefined, code: string | undefined]>([
    ['verifies with the key that has the kid of the header', () => [a.jwk, b.jwk], () => b, 'b', undefined],
    ['rejects a signature when the kid names another key', () => [a.jwk, b.jwk], () => b, 'a', BAD],
    ['finds the key that signed when the header has no kid', () => [a.jwk, b.jwk], () => b, undefined, undefined],
    ['rejects a kid that no key has', () => [a.jwk, b.jwk], () => b, 'c', NO_KEY],
    ['uses a single key without kid, whatever the kid in the header', () => [nameless(a)], () => a, 'c', undefined],
    [
      'finds the key that signed among two without kid, with a kid in the header',
      () => [nameless(a), nameless(b)],
      () => b,
      'c',
      undefined,
    ],
    [
      'finds the key that signed among two without kid, without kid in the header',
      () => [nameless(a), nameless(b)],
      () => b,
      undefined,
      undefined,
    ],
    [
      'tries keys without kid when the kid in the header is unknown',
      () => [a.jwk, nameless(b)],
      () => b,
      'c',
      undefined,
    ],
    ['rejects an unknown kid although a key with another kid signed', () => [a.jwk, nameless(b)], () => a, 'c', BAD],
    [
      'does not try keys without kid when another key has the kid of the header',
      () => [a.jwk, nameless(b)],
      () => b,
      'a',
      BAD,
    ],
    ['skips an invalid key', () => [{ ...nameless(a), x: 'AAAA' }, nameless(b)], () => b, undefined, undefined],
  ])('%s', async (_title, keys, by, kid, code) => {
    expect(await codeOf(verify(keys(), by(), kid))).toBe(code);
  });

  test('reports wrong claims when the signature of one key is right', async () => {
    expect(await codeOf(verify([nameless(a), nameless(b)], b, undefined, 'others'))).toBe(
      errors.JWTClaimValidationFailed.code,
    );
  });

  test('tries ten keys at most', async () => {
    const many = await Promise.all(Array.from({ length: 10 }, () => Signer.create()));
    const keys = many.map(nameless);
    expect(await codeOf(verify(keys, many[9]!))).toBeUndefined();
    expect(await codeOf(verify([nameless(a), ...keys], many[9]!))).toBe(BAD);
  });
});
