import { describe, expect, test } from 'vitest';
import { clientSecretMatches } from '../../src/caller/client-secret.js';
import { sha256Hex } from '../../src/database/digest.js';

const hash = sha256Hex('secret');

test('the secret of this hash → true', () => {
  expect(clientSecretMatches('secret', hash)).toBe(true);
});

describe('anything else → false', () => {
  test.each([
    ['another secret', 'Secret', hash],
    ['the hash itself', hash, hash],
    ['empty secret', '', hash],
    ['no hash', 'secret', undefined],
    ['null', 'secret', null],
    ['empty hash', 'secret', ''],
    ['empty both', '', ''],
    ['hash in upper case', 'secret', hash.toUpperCase()],
    ['hash cut short', 'secret', hash.slice(0, 63)],
    ['hash with more behind it', 'secret', `${hash}0`],
    ['hash with a line break', 'secret', `${hash}\n`],
    ['a secret kept in clear', 'secret', 'secret'],
    ['64 blanks', '', ' '.repeat(64)],
    ['letters of more bytes than characters', 'secret', 'é'.repeat(32)],
  ])('%s', (_title, secret, stored) => {
    expect(clientSecretMatches(secret, stored)).toBe(false);
  });
});
