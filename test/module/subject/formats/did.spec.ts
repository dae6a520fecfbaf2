import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { exactDid } from '../../../../src/module/subject/formats/did.js';
import { didUrls } from '../uri-grammar.js';

test('returns any DID URL of the grammar unchanged', () => {
  fc.assert(
    fc.property(didUrls, (url) => {
      expect(exactDid(url)).toBe(url);
    }),
    { numRuns: 5000 },
  );
});

test.each([
  'did:example:123456',
  'did:example:123456/did/url/path?versionId=1',
  'did:example:123?service=agent&relativeRef=/credentials#degree',
  'did:web:w3c-ccg.github.io:user:alice',
  'did:web:localhost%3A8443',
  'did:key:z6MkpTHR8VNsBxYAAWHut2Geadd9jSwuBV8xRoAnwWsdvktH#z6Mk',
  'did:example::a',
])('returns %s unchanged', (url) => {
  expect(exactDid(url)).toBe(url);
});

describe('RFC 9493 §3.2.6, Decentralized Identifiers (DIDs) v1.0 §3.1, §3.2: invalid DID URLs', () => {
  test.each([
    '',
    'did:',
    'did:example',
    'did:example:',
    'did:example:a:',
    'did::a',
    'did:Example:a',
    'DID:example:a',
    'did:ex-ample:a',
    'did:example:a b',
    'did:example:a~b',
    'did:example:a%',
    'did:example:é',
    ' did:example:a',
    'did:example:a ',
    'did:example:a#b#c',
    'did:example:a/[b]',
    'urn:did:example:a',
    'https://example.com',
  ])('returns undefined for %j', (url) => {
    expect(exactDid(url)).toBeUndefined();
  });

  test('rejects 8 kB of almost valid text quickly', () => {
    const started = performance.now();
    for (const part of ['a', 'a:', ':', '%41', '/']) exactDid(`did:a:${part.repeat(8000 / part.length)}\u00e9`);
    expect(performance.now() - started).toBeLessThan(1000);
  });
});
