import { expect, test } from 'vitest';
import { findingsOf } from './findings.js';
import { chosen, type Mutant, readAreas } from './mutant.js';

const areas = await readAreas();

test('each text of the rows occurs once, names are unique and each test exists', async () => {
  expect(await findingsOf(areas)).toEqual([]);
});

const good: Mutant = {
  name: 'planted',
  file: 'test/mutants/verdict.ts',
  replace: 'export function judge',
  with: '',
  kills: { spec: 'test/mutants/rows.spec.ts', test: 'a good row' },
};

const planted: [title: string, rows: Mutant[], finding: string][] = [
  [
    'a missing text',
    [{ ...good, replace: 'no such text' }],
    'planted: test/mutants/verdict.ts: must contain this text once, not 0 times: no such text',
  ],
  [
    'a text that occurs twice',
    [{ ...good, replace: 'messages[0]' }],
    'planted: test/mutants/verdict.ts: must contain this text once, not 2 times: messages[0]',
  ],
  [
    'a text that an earlier edit replaced',
    [{ ...good, edits: ['export function judge', 'export function'].map((replace) => ({ replace, with: '' })) }],
    'planted: test/mutants/verdict.ts: must contain this text once, not 0 times: export function',
  ],
  [
    'a replacement equal to the text',
    [{ ...good, with: 'export function judge' }],
    'planted: test/mutants/verdict.ts: this replacement changes nothing: export function judge',
  ],
  ['an unknown file', [{ ...good, file: 'src/none.ts' }], "open 'src/none.ts'"],
  [
    'an unknown spec',
    [{ ...good, kills: { spec: 'test/mutants/none.spec.ts', test: 'a good row' } }],
    'planted: test/mutants/none.spec.ts: does not exist',
  ],
  [
    'an unknown test',
    [{ ...good, kills: { spec: 'test/mutants/tree-copies.spec.ts', test: 'two at once → a unicorn' } }],
    "planted: test/mutants/tree-copies.spec.ts: no test has 'unicorn' in its name",
  ],
  ['a duplicate name', [good, { ...good }], 'planted: another mutant has this name'],
  ['a name that an area has', [{ ...good, name: 'area' }], 'area: an area has this name'],
];

test.each(planted)('finds %s', async (_title, rows, finding) => {
  expect(await findingsOf(new Map([['area', rows]]))).toEqual([expect.stringContaining(finding)]);
});

test('a good row has no finding', async () => {
  expect(await findingsOf(new Map([['area', [good]]]))).toEqual([]);
});

test('chooses the mutants of an area, a name or a share', () => {
  const one = { ...good, name: 'one' };
  const two = { ...good, name: 'two' };
  const three = { ...good, name: 'three' };
  const rows = new Map([
    ['first', [one, two]],
    ['second', [three]],
  ]);
  expect(chosen(rows, '')).toEqual([one, two, three]);
  expect(chosen(rows, 'first')).toEqual([one, two]);
  expect(chosen(rows, 'three,first,two')).toEqual([three, one, two]);
  expect(chosen(rows, '2/2')).toEqual([two]);
  expect(() => chosen(rows, 'four')).toThrow("'four' is neither an area nor a mutant; areas: first, second");
});
