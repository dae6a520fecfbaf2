import { describe, expect, test } from 'vitest';
import { matchingSecret } from '../../../../src/module/caller/basic/client-secret.js';
import { sha256Hex } from '../../../../src/module/database/digest.js';

const hash = sha256Hex('secret');
const next = sha256Hex('next');

test('returns the hash that matches the secret', () => {
  expect(matchingSecret('secret', [hash])).toBe(hash);
});

test('returns the matching hash of two', () => {
  expect(matchingSecret('secret', [next, hash])).toBe(hash);
  expect(matchingSecret('next', [next, hash])).toBe(next);
});

test('ignores a third hash', () => {
  expect(matchingSecret('secret', [next, next, hash])).toBeUndefined();
});

describe('RFC 6749 §10.10: returns undefined for anything else', () => {
  test.each([
    ['another secret', 'Secret', [hash]],
    ['a wrong secret with two hashes', 'Secret', [hash, next]],
    ['the hash itself', hash, [hash]],
    ['the second hash itself', next, [hash, next]],
    ['both hashes', `${hash} ${next}`, [hash, next]],
    ['empty secret', '', [hash]],
    ['nobody', 'secret', undefined],
    ['no hash', 'secret', []],
    ['empty hash', 'secret', ['']],
    ['both empty', '', ['']],
    ['hash in upper case', 'secret', [hash.toUpperCase()]],
    ['truncated hash', 'secret', [hash.slice(0, 63)]],
    ['hash with extra text after it', 'secret', [`${hash}0`]],
    ['hash with a line break', 'secret', [`${hash}\n`]],
    ['a secret stored in plain text', 'secret', ['secret']],
    ['64 blanks', '', [' '.repeat(64)]],
    ['characters that take several bytes', 'secret', ['é'.repeat(32)]],
  ])('%s', (_title, secret, stored) => {
    expect(matchingSecret(secret, stored)).toBeUndefined();
  });
});
