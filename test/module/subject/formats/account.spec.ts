import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { accountParts, canonicalAccount } from '../../../../src/module/subject/formats/account.js';
import { accountUris } from '../uri-grammar.js';

describe('RFC 9493 §3.2.1, RFC 7565 §4, §6: canonical form', () => {
  test.each([
    ['acct:alice@example.com', 'acct:alice@example.com'],
    ['ACCT:alice@EXAMPLE.com', 'acct:alice@example.com'],
    ['acct:Alice@example.com', 'acct:Alice@example.com'],
    ['acct:%61lice@ex%41mple.com', 'acct:alice@example.com'],
    ['acct:juliet%40capulet.example@shoppingsite.example', 'acct:juliet%40capulet.example@shoppingsite.example'],
    ['acct:a%c3%a9@example.com', 'acct:a%C3%A9@example.com'],
    ['acct:%C3%89lodie@example.com', 'acct:%C3%89lodie@example.com'],
    ['acct:a%2f@b%c3%bc.example', 'acct:a%2F@b%C3%BC.example'],
    ["acct:a!$&'()*+,;=~@h", "acct:a!$&'()*+,;=~@h"],
    ['acct:a@[2001:DB8::1]', 'acct:a@[2001:db8::1]'],
    ['acct:a@192.0.2.1', 'acct:a@192.0.2.1'],
  ])('%s → %s', (uri, canonical) => {
    expect(canonicalAccount(uri)).toBe(canonical);
  });

  test('any URI of the grammar has a canonical form, which is its own canonical form', () => {
    fc.assert(
      fc.property(accountUris, (uri) => {
        const canonical = canonicalAccount(uri);
        expect(canonical).toBeDefined();
        expect(canonicalAccount(canonical!)).toBe(canonical);
      }),
      { numRuns: 5000 },
    );
  });
});

describe('distinct accounts', () => {
  test.each([
    ['acct:alice@example.com', 'acct:Alice@example.com'],
    ['acct:alice@example.com', 'acct:alice@example.org'],
    ['acct:alice@example.com', 'acct:alice@example.com.'],
    ['acct:a%2Fb@h', 'acct:a%2fb%2F@h'],
    ['acct:%C3%A9@h', 'acct:e%CC%81@h'],
    ['acct:%C3%A9@h', 'acct:%C3%89@h'],
    ['acct:a%40b@c', 'acct:a@b%40c'],
    ['acct:a@%C3%BC.example', 'acct:a@xn--tda.example'],
  ])('%s and %s differ', (one, other) => {
    expect(canonicalAccount(one)).toBeDefined();
    expect(canonicalAccount(one)).not.toBe(canonicalAccount(other));
  });
});

test.each([
  ['acct:alice@example.com', { user: 'alice', host: 'example.com' }],
  ['acct:a%40b@example.com', { user: 'a@b', host: 'example.com' }],
  ['acct:%C3%A9@[::1]', { user: 'é', host: '[::1]' }],
])('splits %s into its parts', (canonical, parts) => {
  expect(accountParts(canonical)).toEqual(parts);
});

describe('RFC 7565 §4, RFC 3986 §3.2.2: invalid accounts', () => {
  test.each([
    '',
    'alice@example.com',
    'acct:alice',
    'acct:@example.com',
    'acct:alice@',
    'acct://alice@example.com',
    'acct:a@b@example.com',
    'acct:a:b@example.com',
    'acct:a/b@example.com',
    'acct:alice@example.com:443',
    'acct:alice@example.com/path',
    'acct:alice@example.com?a',
    'acct:alice@example.com#a',
    'acct:alice@exa mple.com',
    ' acct:alice@example.com',
    'acct:alice@example.com ',
    'acct:é@example.com',
    'acct:alice@bücher.example',
    'acct:%ff@example.com',
    'acct:a%00@example.com',
    'acct:a%0a@example.com',
    'acct:%ED%A0%80@example.com',
    'acct:alice@%ff.example',
    'acct:alice@a%00',
    'acct:alice@a%1e',
    'acct:a%@example.com',
    'acct:a%4@example.com',
    'acct:a@[::1',
    'acct:a@[1::2::3]',
    'acct:a@[fe80::1%25eth0]',
    'mailto:alice@example.com',
  ])('returns undefined for %j', (uri) => {
    expect(canonicalAccount(uri)).toBeUndefined();
  });

  test('rejects 8 kB of almost valid text quickly', () => {
    const started = performance.now();
    for (const part of ['a', '%41', 'a@', '@', '[', '%C3%A9']) {
      canonicalAccount(`acct:${part.repeat(8000 / part.length)}\u00e9`);
    }
    expect(performance.now() - started).toBeLessThan(1000);
  });
});
