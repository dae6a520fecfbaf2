import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseSubjectIdentifier } from '../../../src/module/subject/subject-identifier.js';
import type { UserIdentifier } from '../../../src/module/subject/user-identifier.js';
import { describeEachDatabase } from '../../support/databases.js';
import { SqlLog } from '../endpoint/sql-log.js';
import { OUR_ISSUER, openPersonDirectory, type PersonDirectory, THEIR_ISSUER } from './person-directory.js';

/** What is asked for in one turn of the event loop shares statements. */
describeEachDatabase('searches for users at the same time', (database) => {
  let people: PersonDirectory;
  let sql: SqlLog;

  beforeAll(async () => {
    people = await openPersonDirectory(database);
    await people.insert(
      { sub: 'alice', login: 'al', mail: 'Alice@x.org', badge: 12, tenant: 'one', pseudonym: 'admin', idpSub: '00u1' },
      { sub: 'bob', login: 'bo', mail: 'bob@x.org', badge: 0, tenant: 'two', pseudonym: 'ADMIN', idpSub: 'alice' },
      { sub: 'carol', login: 'AL', mail: 'carol@x.org', tenant: 'one', pseudonym: 'ádmin' },
      { sub: 'dora', login: 'ål', mail: 'alice@X.org', pseudonym: 'admin  ' },
      { sub: 'ALICE', pseudonym: 'Admin' },
      ...Array.from({ length: 1000 }, () => ({ team: 'red' })),
      { sub: 'zoe', team: 'blue' },
    );
    sql = new SqlLog(people.dataSource);
  });
  afterAll(() => people.close());

  const readOne = (subId: object): UserIdentifier => parseSubjectIdentifier(subId, people.directory).identifiers[0]!;
  const uid = (id: string): object => ({ format: 'uid', id });
  const together = (...subIds: object[]): Promise<string[]> => Promise.all(subIds.map((subId) => people.who(subId)));

  test('each finds its own user, or nobody, with one statement', async () => {
    const statements = await sql.of(async () => {
      expect(await together(uid('bo'), uid('al'), uid('nobody'), uid('AL'), uid('ål'), uid('al'))).toEqual([
        'bob',
        'alice',
        'unknownSubject',
        'carol',
        'dora',
        'alice',
      ]);
    });
    expect(statements).toHaveLength(1);
  });

  test('one that is alone takes the same statement as before', async () => {
    const statements = await sql.of(() => people.who(uid('bo')));
    expect(statements).toHaveLength(1);
    expect(sql.parameters).toEqual([['bo']]);
  });

  test('finds what each finds alone, however similar values, formats and properties are', async () => {
    const ids = [
      'admin',
      'ADMIN',
      'Admin',
      'ádmin',
      'admin  ',
      'al',
      'alice',
      'ALICE',
      'bob',
      '00u1',
      '12',
      '0',
      'x',
      '',
    ];
    const subIds = [
      ...ids.flatMap((id) => [{ format: 'opaque', id }, uid(id), { format: 'badge', id }]),
      ...ids.flatMap((sub) => [OUR_ISSUER, THEIR_ISSUER].map((iss) => ({ format: 'iss_sub', iss, sub }))),
      ...['alice@x.org', 'ALICE@X.ORG', 'Alice@x.org', 'bob@X.ORG', 'c@x.org'].map((email) => ({
        format: 'email',
        email,
      })),
    ];
    const alone: string[] = [];
    for (const subId of subIds) alone.push(await people.who(subId));
    expect(await together(...subIds)).toEqual(alone);
    expect(await together(...subIds.toReversed())).toEqual(alone.toReversed());
    expect(new Set(alone).size).toBeGreaterThan(5);
  });

  test('gives each only the rows of its own value', async () => {
    const range = { limit: 1000 };
    const [one, other] = await Promise.all(['al', 'bo'].map((id) => people.directory.find(readOne(uid(id)), range)));
    expect([one, other]).toMatchObject([[{ subject: 'alice' }], [{ subject: 'bob' }]]);
  });

  test('one whose value the column cannot hold changes nothing for the others', async () => {
    const badge = (id: string): object => ({ format: 'badge', id });
    expect(await together(badge('12'), badge('no number'), badge('0'))).toEqual(['alice', 'unknownSubject', 'bob']);
  });

  test('one with too many candidates changes nothing for the others', async () => {
    const team = (id: string): object => ({ format: 'team', id });
    expect(await together(team('blue'), team('red'), team('green'))).toEqual([
      'zoe',
      await people.who(team('red')),
      'unknownSubject',
    ]);
  });

  test('a caller of one tenant finds only users of that tenant', async () => {
    const find = (tenant?: string): Promise<string[]> =>
      Promise.all(['al', 'bo'].map((id) => people.who(uid(id), tenant === undefined ? undefined : { tenant })));
    expect(await Promise.all([find('one'), find(), find('two')])).toEqual([
      ['alice', 'unknownSubject'],
      ['alice', 'bob'],
      ['unknownSubject', 'bob'],
    ]);
  });

  test('a user who is added after the answer is found by the next search', async () => {
    expect(await together(uid('new'), uid('al'))).toEqual(['unknownSubject', 'alice']);
    await people.insert({ sub: 'new', login: 'new' });
    expect(await together(uid('new'), uid('al'))).toEqual(['new', 'alice']);
  });
});
