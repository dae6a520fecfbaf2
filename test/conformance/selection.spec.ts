import { describe, expect, test } from 'vitest';
import { groups } from '../../src/conformance/requirements/all.js';
import { select, type Selection } from '../../src/conformance/selection.js';

const idsOf = (selection: Selection): string[] =>
  select(groups, selection).flatMap(({ requirements }) => requirements.map(({ id }) => id));

const all = idsOf({});

describe('--only and --skip', () => {
  test('nothing selected → all requirements', () => {
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
  ])('%s → its requirements, and with --skip all others', (section, isInside) => {
    expect(idsOf({ only: [section] })).toEqual(all.filter(isInside));
    expect(idsOf({ skip: [section] })).toEqual(all.filter((id) => !isInside(id)));
  });

  test.each(['rfc9493 3.2.2 (e)', 'RFC9493§3.2.2(e)', ' rfc 9493  § 3.2.2 (E) '])(
    '"%s" → only letters, digits and dots count',
    (section) => {
      expect(idsOf({ only: [section] })).toEqual(['RFC 9493 §3.2.2 (e)']);
    },
  );

  test('both → what --only selects without what --skip names', () => {
    const selection = { only: ['RFC 6750', 'RFC 7662'], skip: ['RFC 6750 §3'] };
    expect(idsOf(selection)).toEqual(['RFC 6750 §2', 'RFC 7662 §2.2']);
  });

  test('a group without a selected requirement → is left out', () => {
    expect(select(groups, { only: ['RFC 7662'] }).map(({ title }) => title)).toEqual(['What a revocation ends']);
  });

  test.each([
    [{ only: ['RFC 949'] }, "--only: no requirement in 'RFC 949'; --list shows all of them"],
    [{ only: ['RFC 9493 §3.20'] }, "--only: no requirement in 'RFC 9493 §3.20'; --list shows all of them"],
    [{ skip: ['RFC 1'] }, "--skip: no requirement in 'RFC 1'; --list shows all of them"],
    [{ only: ['RFC 7662'], skip: ['RFC 7662'] }, '--skip leaves no requirement to test'],
  ])('%j → an error', (selection, message) => {
    expect(() => select(groups, selection)).toThrow(message);
  });
});

describe('ids', () => {
  test('each requirement → has its own', () => {
    expect(all).toEqual([...new Set(all)]);
  });

  test('a section with several requirements → letters without a gap', () => {
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
