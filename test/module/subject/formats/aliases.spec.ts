import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseSubjectIdentifier } from '../../../../src/module/subject/subject-identifier.js';
import type { SupportedFormats } from '../../../../src/module/subject/user-identifier.js';
import { read } from '../read.js';
import { anyValid, type Wire } from '../valid-identifiers.js';

const supported: SupportedFormats = {
  formats: ['account', 'email', 'iss_sub', 'opaque', 'phone_number', 'did', 'uri'],
  attributes: ['uid'],
};
const parse = (identifiers: unknown, more: object = {}) => read({ format: 'aliases', identifiers, ...more }, supported);

const bob = { format: 'uid', id: 'bob' };
const mail = { format: 'email', email: 'Bob@X.org' };
const numbered = (count: number) => Array.from({ length: count }, (_, i) => ({ format: 'uid', id: `${i}` }));

describe('RFC 9493 §3.2.8: valid identifiers', () => {
  test('one to ten identifiers are each read as they are alone', () => {
    const entries = fc.uniqueArray(anyValid, {
      minLength: 1,
      maxLength: 10,
      selector: (entry) => JSON.stringify(entry),
    });
    fc.assert(
      fc.property(entries, (list) => {
        const alone = list.map((entry) => parseSubjectIdentifier(entry, supported).identifiers);
        expect(parse(list)).toEqual({ format: 'aliases', identifiers: alone.flat() });
      }),
      { numRuns: 500 },
    );
  });

  test('two spellings of the same value are no duplicate', () => {
    expect(parse([mail, { format: 'email', email: 'bob@x.org' }])).toMatchObject({ identifiers: [{}, {}] });
  });

  test.each([
    ['an unknown format', { format: 'employee', id: '12' }],
    ['an unknown format with other members', { format: 'employee', number: '12', plant: 'B' }],
  ])('%s is ignored beside a known one', (_title, entry) => {
    expect(parse([entry, bob])).toEqual(parse([bob]));
  });

  test('a format of RFC 9493 that the host does not map is ignored', () => {
    const less: SupportedFormats = { formats: ['opaque'], attributes: ['uid'] };
    expect(read({ format: 'aliases', identifiers: [mail, bob] }, less)).toMatchObject({
      identifiers: [{ format: 'uid' }],
    });
  });

  test('only unknown formats are unsupported', () => {
    expect(parse([{ format: 'employee', id: '12' }])).toBe('unsupported');
  });
});

describe('invalid identifiers', () => {
  test.each<[title: string, identifiers: unknown]>([
    ['missing', undefined],
    ['null', null],
    ['a string', 'bob'],
    ['an object', { 0: bob }],
    ['one identifier without an array', bob],
    ['empty', []],
    ['eleven', numbered(11)],
    ['a duplicate', [bob, mail, { ...bob }]],
    ['a duplicate with members in another order', [{ id: 'bob', format: 'uid' }, bob]],
    ['two equal identifiers of an unknown format', [bob, { format: 'x', id: '1' }, { format: 'x', id: '1' }]],
    ['nested', [{ format: 'aliases', identifiers: [bob] }]],
    ['nested aliases beside a valid identifier', [mail, { format: 'aliases', identifiers: [bob] }]],
    ['malformed nested aliases', [mail, { format: 'aliases', id: 'bob' }]],
    ['a malformed identifier', [bob, { format: 'email', email: 'bob' }]],
    ['an identifier with an extra member', [bob, { ...mail, id: 'bob' }]],
    ['an identifier whose value is not a string', [bob, { format: 'opaque', id: 1 }]],
    ['an identifier of an unknown format whose value is not a string', [bob, { format: 'employee', id: 12 }]],
    ['an identifier of an unknown format with an empty value', [bob, { format: 'employee', id: '' }]],
    ['a malformed identifier of an unmapped format', [bob, { format: 'phone_number', phone_number: '1' }]],
    ['an identifier without a format', [bob, { id: 'bob' }]],
    ['null as an identifier', [bob, null]],
    ['a string as an identifier', [bob, 'bob']],
    ['an array as an identifier', [bob, [bob]]],
  ])('returns undefined for %s', (_title, identifiers) => {
    expect(parse(identifiers)).toBeUndefined();
  });

  test('returns undefined for an additional member', () => {
    expect(parse([bob], { id: 'bob' })).toBeUndefined();
    expect(parse([bob], { sub: 1 })).toBeUndefined();
  });

  test('returns undefined for any JSON value beside a valid identifier, unless its format is unknown', () => {
    fc.assert(
      fc.property(anyValid, fc.jsonValue(), (entry, other) => {
        const result = parse([entry, other]);
        const isUnknown = typeof (other as Wire | null)?.format === 'string';
        expect(isUnknown ? 'unknown' : result).toBe(isUnknown ? 'unknown' : undefined);
      }),
      { numRuns: 2000 },
    );
  });

  test('reads ten identifiers and returns undefined for eleven', () => {
    expect(parse(numbered(10))).toMatchObject({ identifiers: numbered(10).map(({ id }) => ({ value: id })) });
    expect(parse(numbered(11))).toBeUndefined();
  });
});
