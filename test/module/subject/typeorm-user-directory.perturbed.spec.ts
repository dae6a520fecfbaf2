import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { OpUser } from '../../../src/reference-op/op/op-user.entity.js';
import { Revocation } from '../../../src/module/revocation/revocation.entity.js';
import { describeEachDatabase } from '../../support/databases.js';
import { revoke } from '../../support/operator.js';
import { serverFixture } from '../../support/server.js';

const STORED = 'Renée.Straße-i';
const user = {
  id: 'id-Renée',
  uid: STORED,
  email: 'renee.o@example.com',
  phone: '+12065550199',
  name: 'Renée',
  department: 'ﬁnance',
  passwordHash: 'x',
  demo: 0,
};

/** What a collation may take for the stored name, and what a careless eye does. */
const names: Array<[title: string, id: string]> = [
  ['lower case', STORED.toLowerCase()],
  ['upper case', STORED.toUpperCase()],
  ['without accent', STORED.replace('é', 'e')],
  ['another accent', STORED.replace('é', 'è')],
  ['decomposed', STORED.normalize('NFD')],
  ['ss for ß', STORED.replace('ß', 'ss')],
  ['capital ẞ', STORED.replace('ß', 'ẞ')],
  ['dotless i', STORED.replace('-i', '-ı')],
  ['dotted İ', STORED.replace('-i', '-İ')],
  ['full width', STORED.replace('R', 'Ｒ')],
  ['Cyrillic letter', STORED.replace('a', 'а')],
  ['trailing space', `${STORED} `],
  ['trailing spaces', `${STORED}  `],
  ['leading space', ` ${STORED}`],
  ['trailing no-break space', `${STORED}\u00a0`],
  ['zero-width space', STORED.replace('.', '\u200b.')],
  ['zero-width joiner', `${STORED}\u200d`],
  ['byte order mark', `\ufeff${STORED}`],
  ['soft hyphen', STORED.replace('-', '\u00ad-')],
  ['variation selector', `${STORED}\ufe0f`],
  ['wildcard', 'Ren%'],
  ['placeholder', '_'.repeat(STORED.length)],
  ['emoji after it', `${STORED}😀`],
];

describeEachDatabase('perturbed identifiers', (database) => {
  const server = serverFixture(database);
  const records = () => server.dataSource.getRepository(Revocation).find();
  const status = async (subId: object): Promise<number> => (await revoke(server, subId)).status;

  beforeAll(async () => {
    await server.dataSource.getRepository(OpUser).insert(user);
  });
  beforeEach(() => server.dataSource.query('DELETE FROM gtr_revocation'));

  test('finds the user by each value as stored', async () => {
    expect(await status({ format: 'uid', id: STORED })).toBe(204);
    expect(await status({ format: 'opaque', id: user.id })).toBe(204);
    expect(await status({ format: 'department', id: user.department })).toBe(204);
    expect((await records()).map(({ subject }) => subject)).toEqual([user.id, user.id, user.id]);
  });

  test.each(names)('does not find the name with %s', async (_title, id) => {
    expect(id).not.toBe(STORED);
    expect(await status({ format: 'uid', id })).toBe(404);
    expect(await status({ format: 'username', id })).toBe(404);
    expect(await records()).toEqual([]);
  });

  test.each(['ID-RENÉE', 'id-Renee', 'id-Renée ', 'id-Rene\u0301e', 'id-Renée\u200b'])(
    'does not find account ID %s',
    async (id) => {
      expect(await status({ format: 'opaque', id })).toBe(404);
      expect(await status({ format: 'iss_sub', iss: server.url, sub: id })).toBe(404);
      expect(await records()).toEqual([]);
    },
  );

  test.each([
    ['unchanged', 'acct:Ren%C3%A9e.Stra%C3%9Fe-i@127.0.0.1', 204],
    ['encoded differently', 'ACCT:%52en%c3%a9e%2EStra%c3%9fe%2di@127.0.0.1', 204],
    ['in lower case', 'acct:ren%C3%A9e.stra%C3%9Fe-i@127.0.0.1', 404],
    ['without accent', 'acct:Renee.Stra%C3%9Fe-i@127.0.0.1', 404],
    ['decomposed', 'acct:Rene%CC%81e.Stra%C3%9Fe-i@127.0.0.1', 404],
    ['ss for ß', 'acct:Ren%C3%A9e.Strasse-i@127.0.0.1', 404],
    ['a trailing space', 'acct:Ren%C3%A9e.Stra%C3%9Fe-i%20@127.0.0.1', 404],
    ['a zero-width space', 'acct:Ren%C3%A9e.Stra%C3%9Fe-i%E2%80%8B@127.0.0.1', 404],
    ['another host', 'acct:Ren%C3%A9e.Stra%C3%9Fe-i@localhost', 404],
  ])('account %s → %i', async (_title, uri, expected) => {
    expect(await status({ format: 'account', uri })).toBe(expected);
    expect(await records()).toHaveLength(expected === 204 ? 1 : 0);
  });

  test.each([
    ['+12065550199', 204],
    ['+1206555019', 404],
    ['+120655501990', 404],
    ['+12065550199 ', 400],
    ['12065550199', 400],
    ['+1206555019９', 400],
  ])('telephone number %s → %i', async (phone_number, expected) => {
    expect(await status({ format: 'phone_number', phone_number })).toBe(expected);
    expect(await records()).toHaveLength(expected === 204 ? 1 : 0);
  });

  test.each([['finance'], ['FINANCE'], ['ﬁnance ']])('does not find shared attribute %s', async (id) => {
    expect(await status({ format: 'department', id })).toBe(404);
  });

  test.each([
    (url: string) => `${url}/`,
    (url: string) => url.toUpperCase(),
    (url: string) => url.replace('//', '//x@'),
  ])('does not find an issuer spelled differently: %s', async (spell) => {
    expect(await status({ format: 'iss_sub', iss: spell(server.url), sub: user.id })).toBe(404);
  });

  describe.each(['email', 'mail'])('e-mail, format %s', (format) => {
    const named = (address: string) => (format === 'email' ? { format, email: address } : { format, id: address });

    test.each(['renee.o@example.com', 'Renee.O@example.com', 'renee.o@EXAMPLE.com'])(
      '%s finds that user',
      async (address) => {
        expect(await status(named(address))).toBe(204);
        expect(await records()).toMatchObject([{ subject: user.id, matched: 1 }]);
      },
    );

    test.each(['reneeo@example.com', 'renee.o+x@example.com', 'renée.o@example.com', 'renee.o@example.co'])(
      '%s finds nobody',
      async (address) => {
        expect(await status(named(address))).toBe(404);
        expect(await records()).toEqual([]);
      },
    );

    test.each(['renee.o@example.com ', 'renee.o\u200b@example.com'])(
      'returns 400 for the invalid address %j',
      async (address) => {
        expect(await status(named(address))).toBe(400);
      },
    );
  });

  test('finds each of two users whose values only the database considers equal', async () => {
    const users = server.dataSource.getRepository(OpUser);
    await users.insert({ ...user, id: 'a', uid: 'twin-1', email: 'a@x.org', department: 'Töpfer' });
    await users.insert({ ...user, id: 'b', uid: 'twin-2', email: 'b@x.org', department: 'topfer' });

    expect(await status({ format: 'department', id: 'topfer' })).toBe(204);
    expect(await records()).toMatchObject([{ subject: 'b', matched: 1 }]);
  });
});
