import { errors, type JWK } from 'jose';
import { beforeAll, describe, expect, test } from 'vitest';
import { keysOf, verifyJwt } from '../../../src/module/caller/keys/key-set.js';
import { Signer } from './signer.js';

const nameless = ({ jwk: { kid: _kid, ...key } }: Signer): JWK => key;
const claims = { aud: 'us', exp: 9_999_999_999 };
const options = { algorithms: ['ES256'], audience: 'us' };

describe('the key that a JWT was signed with (RFC 7517 §4.5)', () => {
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
    ['named, by its name', () => [a.jwk, b.jwk], () => b, 'b', undefined],
    ['named, by the name of another', () => [a.jwk, b.jwk], () => b, 'a', BAD],
    ['named, by no name', () => [a.jwk, b.jwk], () => b, undefined, undefined],
    ['named, by an unknown name', () => [a.jwk, b.jwk], () => b, 'c', NO_KEY],
    ['nameless and the only one, whatever the name', () => [nameless(a)], () => a, 'c', undefined],
    ['two nameless, whatever the name', () => [nameless(a), nameless(b)], () => b, 'c', undefined],
    ['two nameless, no name', () => [nameless(a), nameless(b)], () => b, undefined, undefined],
    ['nameless beside a named one, a name of neither', () => [a.jwk, nameless(b)], () => b, 'c', undefined],
    ['named beside a nameless one, a name of neither', () => [a.jwk, nameless(b)], () => a, 'c', BAD],
    ['nameless beside a named one, the name of that', () => [a.jwk, nameless(b)], () => b, 'a', BAD],
    ['behind one that is none', () => [{ ...nameless(a), x: 'AAAA' }, nameless(b)], () => b, undefined, undefined],
  ])('%s', async (_title, keys, by, kid, code) => {
    expect(await codeOf(verify(keys(), by(), kid))).toBe(code);
  });

  test('the claims are wrong → said of the one key that signed', async () => {
    expect(await codeOf(verify([nameless(a), nameless(b)], b, undefined, 'others'))).toBe(
      errors.JWTClaimValidationFailed.code,
    );
  });

  test('ten keys are tried, and no more', async () => {
    const many = await Promise.all(Array.from({ length: 10 }, () => Signer.create()));
    const keys = many.map(nameless);
    expect(await codeOf(verify(keys, many[9]!))).toBeUndefined();
    expect(await codeOf(verify([nameless(a), ...keys], many[9]!))).toBe(BAD);
  });
});
