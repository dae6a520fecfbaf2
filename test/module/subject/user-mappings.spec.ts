import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { TypeOrmUserDirectory } from '../../../src/module/subject/typeorm-user-directory.js';
import { type GlobalRevocationOptions, resolveOptions } from '../../../src/module/options/global-revocation.options.js';
import { describeEachDatabase } from '../../support/databases.js';
import {
  openPersonDirectory,
  OUR_ISSUER,
  type PersonDirectory,
  personSource,
  THEIR_ISSUER,
} from './person-directory.js';

describeEachDatabase('the mapping in the option users', (database) => {
  let people: PersonDirectory;
  const open = async (...more: Parameters<typeof openPersonDirectory> extends [unknown, ...infer M] ? M : never) => {
    await people?.close();
    people = await openPersonDirectory(database, ...more);
  };
  afterAll(() => people.close());

  describe('properties', () => {
    beforeAll(async () => {
      await open();
      await people.insert(
        {
          sub: 'alice',
          login: 'al',
          mail: 'alice@x.org',
          phone: '+12065550100',
          acct: 'acct:Alice@x.org',
          did: 'did:example:alice',
          page: 'https://x.org/~alice',
          pseudonym: 'p-1',
          idpSub: '00u1',
          badge: 12,
          team: 'red',
        },
        { sub: 'bob', login: 'bo', idpSub: 'alice', pseudonym: 'alice', badge: 0, team: 'red' },
        { sub: 'nobody' }, // every other column is NULL
      );
    });

    test.each<[title: string, subId: object]>([
      ['uid', { format: 'uid', id: 'al' }],
      ['email', { format: 'email', email: 'ALICE@X.ORG' }],
      ['phone_number', { format: 'phone_number', phone_number: '+12065550100' }],
      ['account', { format: 'account', uri: 'ACCT:%41lice@X.ORG' }],
      ['did', { format: 'did', url: 'did:example:alice' }],
      ['uri', { format: 'uri', uri: 'https://x.org/~alice' }],
      ['opaque', { format: 'opaque', id: 'p-1' }],
      ['iss_sub with our issuer', { format: 'iss_sub', iss: OUR_ISSUER, sub: 'alice' }],
      ['iss_sub of an identity provider', { format: 'iss_sub', iss: THEIR_ISSUER, sub: '00u1' }],
      ['a number', { format: 'badge', id: '12' }],
    ])('%s finds that user', async (_title, subId) => {
      expect(await people.find(subId)).toEqual({ subject: 'alice', matched: 1 });
    });

    test.each<[title: string, who: string, subId: object]>([
      [
        'our account ID at the issuer of the identity provider',
        'bob',
        { format: 'iss_sub', iss: THEIR_ISSUER, sub: 'alice' },
      ],
      [
        'the ID of the identity provider at our issuer',
        'unknownSubject',
        { format: 'iss_sub', iss: OUR_ISSUER, sub: '00u1' },
      ],
      [
        'the other issuer in lower case',
        'unknownSubject',
        { format: 'iss_sub', iss: THEIR_ISSUER.toLowerCase(), sub: '00u1' },
      ],
      [
        'the other issuer with a trailing slash',
        'unknownSubject',
        { format: 'iss_sub', iss: `${THEIR_ISSUER}/`, sub: '00u1' },
      ],
      ['an unknown issuer', 'unknownSubject', { format: 'iss_sub', iss: 'https://x.example', sub: 'alice' }],
      ['opaque, mapped to a pseudonym', 'bob', { format: 'opaque', id: 'alice' }],
      ['a number with extra text', 'unknownSubject', { format: 'badge', id: '12abc' }],
      ['a number spelled differently', 'unknownSubject', { format: 'badge', id: '012' }],
      ['text where one user has the number 0', 'unknownSubject', { format: 'badge', id: 'x' }],
      ['null as text', 'unknownSubject', { format: 'uid', id: 'null' }],
    ])('%s → %s', async (_title, who, subId) => {
      expect(await people.who(subId)).toBe(who);
    });

    test('returns the first user by orderBy and the number of matches', async () => {
      expect(await people.find({ format: 'team', id: 'red' })).toEqual({ subject: 'alice', matched: 2 });
    });

    test('reads only the mapped columns', async () => {
      const candidates = await people.directory.find(
        { format: 'uid', profile: 'janssen', value: 'al', canonical: 'al' },
        { limit: 10 },
      );
      expect(candidates).toEqual([{ subject: 'alice', value: 'al' }]);
    });
  });

  describe('the first of several users', () => {
    test.each<['login' | 'badge', string]>([
      ['login', 'Zed'], // a collation has adam first
      ['badge', '9'], // as text, 10 would be
    ])('orderBy %s gives the same order on every database', async (orderBy, first) => {
      await open({ orderBy });
      const logins = ['éva', 'adam', 'zoe', 'Zed', 'Ádám'];
      await people.insert(
        ...logins.map((login) => ({ sub: login, login, team: 'blue' })),
        ...[10, 9, 11].map((badge) => ({ sub: String(badge), login: String(badge), badge, team: 'gold' })),
      );
      const team = orderBy === 'login' ? 'blue' : 'gold';
      expect(await people.find({ format: 'team', id: team })).toMatchObject({ subject: first });
    });
  });

  describe('functions', () => {
    beforeEach(async () => {
      await open({
        account: ({ user, host }) => (host === 'x.org' ? { login: user } : undefined),
        email: async ({ email }) => [{ mail: email }, { login: email }],
        iss_sub: { [THEIR_ISSUER]: ({ iss, sub }) => ({ idpSub: sub, tenant: iss }) },
        attributes: { uid: ({ id }) => ({ login: id }), any: () => ({}), none: () => [], blank: () => ({ login: '' }) },
        uri: () => ({ login: 12 }) as never,
      });
      await people.insert(
        { sub: 'alice', login: 'Élodie', mail: 'e@x.org', idpSub: '1', tenant: THEIR_ISSUER },
        { sub: 'bob', login: 'bob@x.org', idpSub: '2', tenant: 'another' },
      );
    });

    test.each<[title: string, who: string, subId: object]>([
      ['the user part, decoded', 'alice', { format: 'account', uri: 'acct:%C3%89lodie@X.org' }],
      ['the user part in another case', 'unknownSubject', { format: 'account', uri: 'acct:%C3%A9lodie@x.org' }],
      ['the user part without its accent', 'unknownSubject', { format: 'account', uri: 'acct:Elodie@x.org' }],
      ['another host', 'unknownSubject', { format: 'account', uri: 'acct:%C3%89lodie@y.org' }],
      ['the first of two conditions', 'alice', { format: 'email', email: 'E@x.org' }],
      ['the second of two conditions', 'bob', { format: 'email', email: 'bob@x.org' }],
      ['all of several properties', 'alice', { format: 'iss_sub', iss: THEIR_ISSUER, sub: '1' }],
      ['one of several properties', 'unknownSubject', { format: 'iss_sub', iss: THEIR_ISSUER, sub: '2' }],
      ['an attribute', 'alice', { format: 'uid', id: 'Élodie' }],
      ['an attribute in another case', 'unknownSubject', { format: 'uid', id: 'ÉLODIE' }],
      ['no condition', 'unknownSubject', { format: 'none', id: 'x' }],
      ['a condition that is true for everybody', 'unavailable', { format: 'any', id: 'x' }],
      ['a condition without values', 'unavailable', { format: 'blank', id: 'x' }],
      ['a condition whose value is not text', 'unavailable', { format: 'uri', uri: 'a:b' }],
    ])('%s → %s', async (_title, who, subId) => {
      expect(await people.who(subId)).toBe(who);
    });
  });

  describe('aliases', () => {
    const mail = { format: 'email', email: 'alice@x.org' };
    const uid = (id: string) => ({ format: 'uid', id });
    const team = (id: string) => ({ format: 'team', id });
    beforeAll(async () => {
      await open();
      await people.insert(
        { sub: 'alice', login: 'al', mail: 'alice@x.org', team: 'red', tenant: 'a' },
        { sub: 'bob', login: 'bo', team: 'red', tenant: 'b' },
      );
    });

    test.each<[title: string, who: string, identifiers: object[]]>([
      ['one that resolves', 'alice', [uid('al')]],
      ['all of one user', 'alice', [mail, uid('al'), { format: 'iss_sub', iss: OUR_ISSUER, sub: 'alice' }]],
      ['one of them unknown', 'alice', [uid('nobody'), mail]],
      ['two users', 'ambiguousSubject', [mail, uid('bo')]],
      ['two users, a third unknown', 'ambiguousSubject', [uid('nobody'), mail, uid('bo')]],
      ['a shared attribute', 'ambiguousSubject', [team('red')]],
      ['a user and the attribute shared with another', 'ambiguousSubject', [mail, team('red')]],
      ['all unknown', 'unknownSubject', [uid('x'), uid('y')]],
    ])('%s → %s', async (_title, who, identifiers) => {
      expect(await people.who({ format: 'aliases', identifiers })).toBe(who);
    });
  });

  describe('case-sensitive e-mail addresses', () => {
    beforeAll(async () => {
      await open({ emailCase: 'counts', attributes: { mail: 'mail' } });
      await people.insert({ sub: 'alice', mail: 'Alice@x.org' }, { sub: 'bob', mail: 'alice@x.org' });
    });

    test.each<[address: string, who: string]>([
      ['Alice@x.org', 'alice'],
      ['Alice@X.ORG', 'alice'],
      ['alice@X.org', 'bob'],
      ['ALICE@x.org', 'unknownSubject'],
    ])('%s → %s', async (address, who) => {
      expect(await people.who({ format: 'email', email: address })).toBe(who);
      expect(await people.who({ format: 'mail', id: address })).toBe(who);
    });
  });

  describe('without a mapping', () => {
    const minimal = { email: undefined, phone_number: undefined, account: undefined, did: undefined, uri: undefined };
    test('an account ID alone supports opaque and iss_sub', async () => {
      await open({ ...minimal, opaque: undefined, iss_sub: undefined, attributes: {} } as never);
      expect([...people.directory.formats].toSorted()).toEqual(['iss_sub', 'opaque']);
      expect(people.directory.attributes).toEqual([]);
      await people.insert({ sub: 'alice' });
      expect(await people.who({ format: 'opaque', id: 'alice' })).toBe('alice');
      expect(await people.who({ format: 'iss_sub', iss: OUR_ISSUER, sub: 'alice' })).toBe('alice');
    });

    test('a caller restricted to a tenant finds nobody without a tenant mapping', async () => {
      await open({ tenant: undefined } as never);
      await people.insert({ sub: 'alice', login: 'al', tenant: 'a' });
      expect(await people.who({ format: 'uid', id: 'al' }, { tenant: 'a' })).toBe('unknownSubject');
      expect(await people.who({ format: 'uid', id: 'al' })).toBe('alice');
    });
  });

  describe('rejected at startup', () => {
    const start = (options: Partial<GlobalRevocationOptions>) => () =>
      new TypeOrmUserDirectory(people.dataSource, resolveOptions({ issuer: OUR_ISSUER, ...options }));

    test('a missing option users is explained', () => {
      expect(start({})).toThrow('set the option `users`, or pass your own `userDirectory`');
    });

    test.each(['opaque', 'iss_sub', 'aliases'])('an attribute named %s is explained', (name) => {
      const users = { ...personSource, attributes: { [name]: 'login' as const } };
      expect(start({ users })).toThrow('users.attributes: opaque, iss_sub, aliases are formats of RFC 9493');
    });
  });
});
