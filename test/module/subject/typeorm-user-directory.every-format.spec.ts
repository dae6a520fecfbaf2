import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseSubjectIdentifier } from '../../../src/module/subject/subject-identifier.js';
import { describeEachDatabase } from '../../support/databases.js';
import { openPersonDirectory, type Person, type PersonDirectory, THEIR_ISSUER } from './person-directory.js';
import { namesakes, perturbations } from './perturbations.js';
import { read } from './read.js';
import { validIdentifiers, type Wire } from './valid-identifiers.js';

/** Where each format is stored, and how two spellings that name the same user look alike to somebody else. */
interface Case {
  format: string;
  member: string;
  column: keyof Person;
  wire: fc.Arbitrary<Wire>;
  isSame: (one: string, other: string) => boolean;
}

const byte = (one: string, other: string): boolean => one === other;
const anyCase = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();
/** The user part decoded, the host decoded and in lower case. */
const sameAccount = (one: string, other: string): boolean => accountOf(one) === accountOf(other);

function accountOf(uri: string): string {
  const at = uri.lastIndexOf('@');
  try {
    const user = decodeURIComponent(uri.slice(0, at).replace(/^acct/i, 'acct'));
    return `${user}@${decodeURIComponent(uri.slice(at + 1)).toLowerCase()}`;
  } catch {
    return uri;
  }
}

const orNamesake = (format: string): fc.Arbitrary<Wire> =>
  fc.oneof(
    validIdentifiers[format]!,
    namesakes.map((id) => ({ format, id })),
  );

const cases: Case[] = [
  { format: 'uid', member: 'id', column: 'login', wire: orNamesake('uid'), isSame: byte },
  { format: 'opaque', member: 'id', column: 'pseudonym', wire: orNamesake('opaque'), isSame: byte },
  {
    format: 'iss_sub',
    member: 'sub',
    column: 'idpSub',
    wire: validIdentifiers['iss_sub']!.map((identifier) => ({ ...identifier, iss: THEIR_ISSUER })),
    isSame: byte,
  },
  { format: 'did', member: 'url', column: 'did', wire: validIdentifiers['did']!, isSame: byte },
  { format: 'uri', member: 'uri', column: 'page', wire: validIdentifiers['uri']!, isSame: byte },
  {
    format: 'phone_number',
    member: 'phone_number',
    column: 'phone',
    wire: validIdentifiers['phone_number']!,
    isSame: byte,
  },
  { format: 'email', member: 'email', column: 'mail', wire: validIdentifiers['email']!, isSame: anyCase },
  { format: 'account', member: 'uri', column: 'acct', wire: validIdentifiers['account']!, isSame: sameAccount },
];

describeEachDatabase('identifiers of every format', (database) => {
  let people: PersonDirectory;
  beforeAll(async () => {
    people = await openPersonDirectory(database);
  });
  afterAll(() => people.close());

  const canonical = (wire: Wire): string => parseSubjectIdentifier(wire, people.directory).identifiers[0]!.canonical;

  /** Only these persons, called 0, 1, …, each with one identifier in canonical form. */
  async function only(column: keyof Person, values: string[]): Promise<void> {
    await people.dataSource.query('DELETE FROM person');
    await people.insert(...values.map((value, i) => ({ sub: `${i}`, [column]: value })));
  }

  describe.each(cases)('$format', ({ member, column, wire, isSame }) => {
    test('finds exactly the user of each valid identifier', async () => {
      const list = fc.uniqueArray(wire, { minLength: 1, maxLength: 8, selector: (each) => canonical(each) });
      await fc.assert(
        fc.asyncProperty(list, async (identifiers) => {
          await only(column, identifiers.map(canonical));
          for (const [i, identifier] of identifiers.entries()) {
            expect(await people.find(identifier)).toEqual({ subject: `${i}`, matched: 1 });
          }
        }),
        { numRuns: 25 },
      );
    });

    test('a slightly changed identifier is invalid or names another user', async () => {
      await fc.assert(
        fc.asyncProperty(wire, perturbations, async (identifier, [, perturb]) => {
          const changed = { ...identifier, [member]: perturb(identifier[member]!) };
          fc.pre(!isSame(identifier[member]!, changed[member]!));
          await only(column, [canonical(identifier)]);
          if (typeof read(changed, people.directory) !== 'object') return;
          expect(await people.who(changed)).toBe('unknownSubject');
          await only(column, [canonical(identifier), canonical(changed)]);
          expect(await people.find(identifier)).toEqual({ subject: '0', matched: 1 });
          expect(await people.find(changed)).toEqual({ subject: '1', matched: 1 });
        }),
        { numRuns: 60 },
      );
    });
  });
});
