import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseSubjectIdentifier, type SupportedFormats } from '../../../../src/module/subject/subject-identifier.js';
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

describe('read', () => {
  test('one to ten valid identifiers → each as it is read alone', () => {
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

  test('the same value in two spellings → no duplicate', () => {
    expect(parse([mail, { format: 'email', email: 'bob@x.org' }])).toMatchObject({ identifiers: [{}, {}] });
  });

  test.each([
    ['a format nobody knows', { format: 'employee', id: '12' }],
    ['a format nobody knows, other members', { format: 'employee', number: '12', plant: 'B' }],
  ])('%s beside one of ours → left out', (_title, entry) => {
    expect(parse([entry, bob])).toEqual(parse([bob]));
  });

  test('a format of RFC 9493 that the host does not map → left out', () => {
    const less: SupportedFormats = { formats: ['opaque'], attributes: ['uid'] };
    expect(read({ format: 'aliases', identifiers: [mail, bob] }, less)).toMatchObject({
      identifiers: [{ format: 'uid' }],
    });
  });

  test('only formats nobody knows → unsupported', () => {
    expect(parse([{ format: 'employee', id: '12' }])).toBe('unsupported');
  });
});

describe('not valid', () => {
  test.each<[title: string, identifiers: unknown]>([
    ['missing', undefined],
    ['null', null],
    ['a string', 'bob'],
    ['an object', { 0: bob }],
    ['one identifier without an array', bob],
    ['empty', []],
    ['eleven', numbered(11)],
    ['a duplicate', [bob, mail, { ...bob }]],
    ['a duplicate, members in another order', [{ id: 'bob', format: 'uid' }, bob]],
    ['two of a format nobody knows, alike', [bob, { format: 'x', id: '1' }, { format: 'x', id: '1' }]],
    ['nested', [{ format: 'aliases', identifiers: [bob] }]],
    ['nested beside a valid one', [mail, { format: 'aliases', identifiers: [bob] }]],
    ['nested, and malformed', [mail, { format: 'aliases', id: 'bob' }]],
    ['one that is malformed', [bob, { format: 'email', email: 'bob' }]],
    ['one with a member too many', [bob, { ...mail, id: 'bob' }]],
    ['one whose value is no string', [bob, { format: 'opaque', id: 1 }]],
    ['one of an unknown format whose value is no string', [bob, { format: 'employee', id: 12 }]],
    ['one of an unknown format with an empty value', [bob, { format: 'employee', id: '' }]],
    ['one of a format we do not map, malformed', [bob, { format: 'phone_number', phone_number: '1' }]],
    ['one without a format', [bob, { id: 'bob' }]],
    ['null among them', [bob, null]],
    ['a string among them', [bob, 'bob']],
    ['an array among them', [bob, [bob]]],
  ])('%s → undefined', (_title, identifiers) => {
    expect(parse(identifiers)).toBeUndefined();
  });

  test('a further member → undefined', () => {
    expect(parse([bob], { id: 'bob' })).toBeUndefined();
    expect(parse([bob], { sub: 1 })).toBeUndefined();
  });

  test('any valid identifier beside any JSON value → undefined, unless that is one of a format nobody knows', () => {
    fc.assert(
      fc.property(anyValid, fc.jsonValue(), (entry, other) => {
        const result = parse([entry, other]);
        const isUnknown = typeof (other as Wire | null)?.format === 'string';
        expect(isUnknown ? 'unknown' : result).toBe(isUnknown ? 'unknown' : undefined);
      }),
      { numRuns: 2000 },
    );
  });

  test('ten → read, eleven → undefined', () => {
    expect(parse(numbered(10))).toMatchObject({ identifiers: numbered(10).map(({ id }) => ({ value: id })) });
    expect(parse(numbered(11))).toBeUndefined();
  });
});
