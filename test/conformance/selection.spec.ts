import { describe, expect, test } from 'vitest';
import { groups } from '../../src/conformance/requirements/all.js';
import { select, type Selection } from '../../src/conformance/selection.js';

const idsOf = (selection: Selection): string[] =>
  select(groups, selection).flatMap(({ requirements }) => requirements.map(({ id }) => id));

const all = idsOf({});

describe('--only and --skip', () => {
  test('select all requirements when both are missing', () => {
    expect(all.length).toBeGreaterThan(100);
  });

  test.each([
    ['RFC 9493', (id: string) => id.startsWith('RFC 9493 §')],
    ['RFC 9493 §3.2', (id: string) => id.startsWith('RFC 9493 §3.2.')],
    ['RFC 9493 §3.2.2', (id: string) => id.startsWith('RFC 9493 §3.2.2 ')],
    ['RFC 9493 §3.2.2 (e)', (id: string) => id === 'RFC 9493 §3.2.2 (e)'],
    ['draft', (id: string) => id.startsWith('draft-06 §')],
    ['draft-06 §3.4', (id: string) => id.startsWith('draft-06 §3.4')],
    ['Okta §Logout request', (id: string) => id.startsWith('Okta §Logout request')],
  ])('%s selects its requirements, and with --skip all others', (section, isInside) => {
    expect(idsOf({ only: [section] })).toEqual(all.filter(isInside));
    expect(idsOf({ skip: [section] })).toEqual(all.filter((id) => !isInside(id)));
  });

  test.each(['rfc9493 3.2.2 (e)', 'RFC9493§3.2.2(e)', ' rfc 9493  § 3.2.2 (E) '])(
    '"%s" is compared by letters, digits and dots only',
    (section) => {
      expect(idsOf({ only: [section] })).toEqual(['RFC 9493 §3.2.2 (e)']);
    },
  );

  test('--skip removes requirements from what --only selects', () => {
    const selection = { only: ['RFC 6750', 'RFC 7662'], skip: ['RFC 6750 §3'] };
    expect(idsOf(selection)).toEqual(['RFC 6750 §2', 'RFC 7662 §2.2']);
  });

  test('a group without a selected requirement is left out', () => {
    expect(select(groups, { only: ['RFC 7662'] }).map(({ title }) => title)).toEqual(['What a revocation ends']);
  });

  test.each([
    [{ only: ['RFC 949'] }, "--only: no requirement in 'RFC 949'; --list shows all of them"],
    [{ only: ['RFC 9493 §3.20'] }, "--only: no requirement in 'RFC 9493 §3.20'; --list shows all of them"],
    [{ skip: ['RFC 1'] }, "--skip: no requirement in 'RFC 1'; --list shows all of them"],
    [{ only: ['RFC 7662'], skip: ['RFC 7662'] }, '--skip leaves no requirement to test'],
  ])('%j is an error', (selection, message) => {
    expect(() => select(groups, selection)).toThrow(message);
  });
});

describe('IDs of requirements', () => {
  test('are unique', () => {
    expect(all).toEqual([...new Set(all)]);
  });

  test('have letters without gaps when a section has several requirements', () => {
    const sections = new Set(all.map((id) => id.replace(/ \([a-z]\)$/, '')));
    for (const section of sections) {
      const letters = all
        .filter((id) => id.startsWith(`${section} (`))
        .map((id) => id.slice(-2, -1))
        .toSorted();
      expect([section, letters.join('')]).toEqual([section, 'abcdefghijklmnopqrstuvwxyz'.slice(0, letters.length)]);
    }
  });
});
