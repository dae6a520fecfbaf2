import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SupportedFormats } from '../../../src/module/subject/user-identifier.js';
import { read } from './read.js';

const supported: SupportedFormats = {
  formats: ['account', 'email', 'iss_sub', 'opaque', 'phone_number', 'did', 'uri'],
  attributes: ['uid', 'username', 'mail', 'email', 'department'],
};
const formats = new Set<string>([...supported.formats, ...supported.attributes]);
const parse = (input: unknown) => {
  const identifier = read(input, supported);
  return identifier === 'unsupported' ? undefined : identifier?.identifiers[0];
};

const anyText = fc.string({ unit: 'binary' });
const anyUnits = fc.array(fc.nat(0xffff)).map((units) => String.fromCharCode(...units));
const anything = fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true });

/** Which members a format may have besides `format`. */
const membersOf = (format: string): string[] =>
  ({
    account: ['uri'],
    email: ['id', 'email'],
    iss_sub: ['iss,sub'],
    phone_number: ['phone_number'],
    did: ['url'],
    uri: ['uri'],
  })[format] ?? ['id'];

/** The rule in other words: no control below 32, no 127, no surrogate without its partner. */
const isClean = (text: string): boolean =>
  text !== '' &&
  Array.from(text, (char) => char.codePointAt(0)!).every((code) => {
    return code > 31 && code !== 127 && !(code >= 0xd800 && code < 0xe000);
  });

describe('RFC 9493 §3, §3.1, §3.2, §3.2.3, §3.2.4: valid identifiers', () => {
  test.each([
    [
      { format: 'uid', id: 'bob' },
      { profile: 'janssen', value: 'bob', canonical: 'bob' },
    ],
    [
      { format: 'opaque', id: '1' },
      { profile: 'rfc9493', value: '1', canonical: '1' },
    ],
    [
      { format: 'iss_sub', iss: 'https://i', sub: '1' },
      { profile: 'rfc9493', issuer: 'https://i', value: '1', canonical: '1' },
    ],
    [
      { format: 'email', email: 'B@X.org' },
      { profile: 'rfc9493', value: 'B@X.org', canonical: 'b@x.org' },
    ],
    [
      { format: 'email', id: 'B@X.org' },
      { profile: 'janssen', value: 'B@X.org', canonical: 'b@x.org' },
    ],
    [
      { format: 'mail', id: 'B@X.org' },
      { profile: 'janssen', value: 'B@X.org', canonical: 'b@x.org' },
    ],
    [
      { format: 'account', uri: 'acct:Bob@X.org' },
      { profile: 'rfc9493', value: 'acct:Bob@X.org', canonical: 'acct:Bob@x.org' },
    ],
    [
      { format: 'phone_number', phone_number: '+12065550100' },
      { profile: 'rfc9493', value: '+12065550100', canonical: '+12065550100' },
    ],
    [
      { format: 'did', url: 'did:example:B' },
      { profile: 'rfc9493', value: 'did:example:B', canonical: 'did:example:B' },
    ],
    [
      { format: 'uri', uri: 'HTTPS://X.org/%7eB' },
      { profile: 'rfc9493', value: 'HTTPS://X.org/%7eB', canonical: 'HTTPS://X.org/%7eB' },
    ],
  ])('reads %j', (input, expected) => {
    expect(parse(input)).toEqual({ format: input.format, ...expected });
  });

  test('reads any clean text as id unchanged', () => {
    fc.assert(
      fc.property(anyText, (id) => {
        expect(parse({ format: 'uid', id })?.value).toBe(isClean(id) ? id : undefined);
      }),
      { numRuns: 5000 },
    );
  });
});

describe('RFC 9493 §3, RFC 8259 §8.2: invalid identifiers', () => {
  test('returns undefined for any value without the two strings', () => {
    fc.assert(
      fc.property(anything, (value) => {
        expect(parse(value)).toBeUndefined();
      }),
      { numRuns: 5000 },
    );
  });

  test('returns undefined for an array with the members', () => {
    expect(parse(Object.assign([], { format: 'uid', id: 'bob' }))).toBeUndefined();
  });

  test('returns undefined for a member that is not a string', () => {
    const notText = anything.filter((value) => typeof value !== 'string');
    fc.assert(
      fc.property(notText, (value) => {
        expect(parse({ format: 'uid', id: value })).toBeUndefined();
        expect(parse({ format: value, id: 'bob' })).toBeUndefined();
        expect(parse({ format: 'iss_sub', iss: value, sub: 'x' })).toBeUndefined();
        expect(parse({ format: 'iss_sub', iss: 'x', sub: value })).toBeUndefined();
        expect(parse({ format: 'email', email: value })).toBeUndefined();
        expect(parse({ format: 'uid', id: 'bob', more: value })).toBeUndefined();
      }),
      { numRuns: 2000 },
    );
  });

  test('reads any JSON object with a known format only when it has exactly the right members', () => {
    const member = fc.constantFrom(
      'id',
      'email',
      'iss',
      'sub',
      'uri',
      'url',
      'phone_number',
      '__proto__',
      'constructor',
    );
    const values = fc.constantFrom('bob', 'b@x.org', '+1206', 'did:a:b', 'acct:a@b');
    const input = fc.dictionary(member, fc.oneof(anyText, values, fc.jsonValue()), { maxKeys: 3 });
    fc.assert(
      fc.property(fc.constantFrom(...formats), input, (format, members) => {
        if (parse({ ...members, format })) expect(membersOf(format)).toContain(Object.keys(members).sort().join());
      }),
      { numRuns: 20_000 },
    );
  });

  test('returns undefined for any format that is not listed', () => {
    fc.assert(
      fc.property(fc.oneof(anyText, anyUnits, fc.constantFrom('UID', 'uid ', 'u\u0131d', 'ｕid')), (format) => {
        if (!formats.has(format)) expect(parse({ format, id: 'bob' })).toBeUndefined();
      }),
      { numRuns: 2000 },
    );
  });

  test('reads a single code unit from 0 to ffff only if it is clean', () => {
    const wrong: number[] = [];
    for (let unit = 0; unit <= 0xffff; unit += 1) {
      const id = String.fromCharCode(unit);
      if ((parse({ format: 'uid', id }) !== undefined) !== isClean(id)) wrong.push(unit);
      if (unit >= 0xd800 && unit < 0xe000 && parse({ format: 'uid', id: `a${id}b` })) wrong.push(unit);
    }
    expect(wrong).toEqual([]);
  });

  test('reads any code units, unpaired surrogates included, only if they are clean', () => {
    const units = fc.array(fc.oneof(fc.nat(0xffff), fc.integer({ min: 0xd800, max: 0xdfff })), { minLength: 1 });
    fc.assert(
      fc.property(units, (list) => {
        const id = String.fromCharCode(...list);
        expect(parse({ format: 'uid', id }) !== undefined).toBe(isClean(id));
      }),
      { numRuns: 5000 },
    );
  });
});

test('reports a format of RFC 9493 that the host does not map as unsupported', () => {
  const none = { formats: [], attributes: [] };
  expect(read({ format: 'opaque', id: 'bob' }, none)).toBe('unsupported');
});
