import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseStrictJson } from '../../../src/module/endpoint/strict-json.js';

const parse = (text: string): unknown => parseStrictJson(Buffer.from(text));
/** A name with some of its characters written as escapes. */
const spelt = (name: string, mask: number): string =>
  name
    .split('')
    .map((char, i) => (mask & (1 << i) ? `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}` : char))
    .join('');

/** JSON no deeper than may be read. */
const shallow = fc.jsonValue({ maxDepth: 3, noUnicodeString: false });

describe('RFC 8259 §8.1, §9: valid JSON', () => {
  test('reads any JSON of at most 4 levels like JSON.parse', () => {
    fc.assert(
      fc.property(shallow, fc.nat(3), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        expect(parse(text)).toEqual(JSON.parse(text));
      }),
      { numRuns: 2000 },
    );
  });

  test.each([1, 2, 3, 4])('reads depth %d', (depth) => {
    const text = '[{"a":'.repeat(depth / 2) + (depth % 2 ? '[]' : '1') + '}]'.repeat(depth / 2);
    expect(parse(text)).toEqual(JSON.parse(text));
  });

  test('reads __proto__ as an ordinary member without setting the prototype', () => {
    const value = parse('{"__proto__":{"x":1}}') as object;
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(Object.keys(value)).toEqual(['__proto__']);
  });
});

describe('RFC 8259 §4, §9: rejected JSON', () => {
  test('returns undefined for any text that JSON.parse rejects', () => {
    const piece = fc.constantFrom(
      ...'{}[]":,\\/*01.eEn+- \n\t\u00a0\ufeff\u2028ua'.split(''),
      '//',
      '/*',
      'true',
      '"a"',
    );
    const text = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''));
    fc.assert(
      fc.property(text, (candidate) => {
        let valid = true;
        try {
          JSON.parse(candidate);
        } catch {
          valid = false;
        }
        if (!valid) expect(parse(candidate)).toBeUndefined();
      }),
      { numRuns: 20_000 },
    );
  });

  test('returns undefined for a duplicate name in any spelling at any level', () => {
    const name = fc.string({ unit: fc.constantFrom(...'abcs_ubid\u00e9'.split('')), minLength: 0, maxLength: 6 });
    const mask = fc.nat(63);
    const levels = fc.constantFrom<[string, string]>(['', ''], ['{"x":', '}'], ['[', ']'], ['{"x":[', ']}']);
    fc.assert(
      fc.property(name, mask, mask, levels, (name, one, two, [open, close]) => {
        const text = `${open}{"${spelt(name, one)}":1,"other":2,"${spelt(name, two)}":1}${close}`;
        JSON.parse(text);
        expect(parse(text)).toBeUndefined();
      }),
      { numRuns: 2000 },
    );
  });

  test('accepts the same name on different levels', () => {
    expect(parse('{"a":{"a":1},"b":[{"a":1},{"a":1}]}')).toEqual({ a: { a: 1 }, b: [{ a: 1 }, { a: 1 }] });
  });

  test.each([5, 6, 100, 50_000, 1_000_000])('returns undefined for depth %d without deep recursion', (depth) => {
    expect(parse('['.repeat(depth) + ']'.repeat(depth))).toBeUndefined();
    expect(parse('{"a":'.repeat(depth) + '1' + '}'.repeat(depth))).toBeUndefined();
    expect(parse('['.repeat(depth))).toBeUndefined();
  });

  test('returns undefined for any bytes that are not UTF-8', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 6 }), (bytes) => {
        const body = Buffer.concat([Buffer.from('{"a":"'), bytes, Buffer.from('"}')]);
        if (!Buffer.from(body.toString()).equals(body)) expect(parseStrictJson(body)).toBeUndefined();
      }),
      { numRuns: 5000 },
    );
  });

  test('returns undefined for a byte order mark and for empty text', () => {
    expect(parse('\ufeff{}')).toBeUndefined();
    expect(parse('')).toBeUndefined();
  });
});
