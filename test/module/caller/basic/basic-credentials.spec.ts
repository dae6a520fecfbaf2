import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseBasicCredentials } from '../../../../src/module/caller/basic/basic-credentials.js';
import { basicVectors, b64, refusedHeaders } from '../basic-vectors.js';

describe('RFC 6749 §2.3.1, RFC 7617 §2: read', () => {
  test.each(basicVectors)('decodes $0', (_title, header, id, secret) => {
    expect(parseBasicCredentials(header)).toEqual({ id, secret });
  });

  test('decodes any form-encoded ID and secret without control characters', () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }).filter((t) => !/\p{Cc}/u.test(t));
    fc.assert(
      fc.property(text, text, fc.boolean(), (id, secret, plus) => {
        const encode = (half: string) => encodeURIComponent(half).replaceAll('%20', plus ? '+' : '%20');
        const header = `Basic ${b64(`${encode(id)}:${encode(secret)}`)}`;
        expect(parseBasicCredentials(header)).toEqual({ id, secret });
      }),
      { numRuns: 2000 },
    );
  });

  test('never reads the same credentials from two different base64 texts', () => {
    const unit = fc.constantFrom(...'YTpiYg=+/ '.split(''));
    const text = fc.string({ unit, maxLength: 12 });
    fc.assert(
      fc.property(text, (encoded) => {
        const read = parseBasicCredentials(`Basic ${encoded}`);
        if (read) expect(Buffer.from(encoded.trimStart(), 'base64').toString('base64')).toBe(encoded.trimStart());
      }),
      { numRuns: 20_000 },
    );
  });
});

describe('rejected', () => {
  test.each(refusedHeaders)('returns undefined for $0', (_title, header) => {
    expect(parseBasicCredentials(header)).toBeUndefined();
  });

  test('returns undefined without a header', () => {
    expect(parseBasicCredentials(undefined)).toBeUndefined();
  });

  test('returns undefined or two non-empty halves for any text, and never throws', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.base64String()), (text) => {
        for (const header of [text, `Basic ${text}`, `Basic ${b64(text)}`]) {
          const read = parseBasicCredentials(header);
          if (read) expect(Object.values(read).every((half) => half.length > 0)).toBe(true);
        }
      }),
      { numRuns: 5000 },
    );
  });
});
