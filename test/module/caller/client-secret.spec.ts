import { describe, expect, test } from 'vitest';
import { matchingSecret } from '../../../src/module/caller/basic/client-secret.js';
import { sha256Hex } from '../../../src/module/database/digest.js';

const hash = sha256Hex('secret');
const next = sha256Hex('next');

test('the secret of this hash → it', () => {
  expect(matchingSecret('secret', [hash])).toBe(hash);
});

test('one of two secrets → the hash of that one', () => {
  expect(matchingSecret('secret', [next, hash])).toBe(hash);
  expect(matchingSecret('next', [next, hash])).toBe(next);
});

test('a third secret → never looked at', () => {
  expect(matchingSecret('secret', [next, next, hash])).toBeUndefined();
});

describe('anything else → nothing', () => {
  test.each([
    ['another secret', 'Secret', [hash]],
    ['another secret of two', 'Secret', [hash, next]],
    ['the hash itself', hash, [hash]],
    ['the second hash itself', next, [hash, next]],
    ['both hashes', `${hash} ${next}`, [hash, next]],
    ['empty secret', '', [hash]],
    ['nobody', 'secret', undefined],
    ['no hash', 'secret', []],
    ['empty hash', 'secret', ['']],
    ['empty both', '', ['']],
    ['hash in upper case', 'secret', [hash.toUpperCase()]],
    ['hash cut short', 'secret', [hash.slice(0, 63)]],
    ['hash with more behind it', 'secret', [`${hash}0`]],
    ['hash with a line break', 'secret', [`${hash}\n`]],
    ['a secret kept in clear', 'secret', ['secret']],
    ['64 blanks', '', [' '.repeat(64)]],
    ['letters of more bytes than characters', 'secret', ['é'.repeat(32)]],
  ])('%s', (_title, secret, stored) => {
    expect(matchingSecret(secret, stored)).toBeUndefined();
  });
});
