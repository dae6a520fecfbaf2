import { beforeAll, expect, test } from 'vitest';
import { SqlLog } from '../../module/endpoint/sql-log.js';
import { runInEpochContext } from '../../../src/module/oidc-provider/index.js';
import { AccountsService } from '../../../src/reference-op/op/accounts.service.js';
import { describeEachDatabase } from '../../support/databases.js';
import { alice, bob } from '../../support/people.js';
import { serverFixture } from '../../support/server.js';

describeEachDatabase('sign-ins do not reveal accounts', (database) => {
  const server = serverFixture(database);
  let accounts: AccountsService;
  let sql: SqlLog;

  beforeAll(async () => {
    accounts = server.app.get(AccountsService, { strict: false });
    sql = new SqlLog(server.dataSource);
    await signIn(bob.uid, bob.password);
  });

  const signIn = (identifier: string, password: string) =>
    runInEpochContext(async () => accounts.signIn((await accounts.named(identifier)).id, password));

  const statements = (identifier: string, password: string) => sql.hotPathOf(() => signIn(identifier, password));

  test.each([
    ['an account that never signed in', alice.uid],
    ['an account by its address that never signed in', alice.email],
    ['an account that has signed in', bob.uid],
    ['an unknown name', 'nobody'],
    ['an unknown address', 'nobody@example.com'],
    ['an empty name', ''],
  ])('a wrong password runs the same statements for %s, of which none writes', async (_title, identifier) => {
    const usual = await statements('somebody else', 'wrong');
    expect(usual).toHaveLength(3);
    expect(await statements(identifier, 'wrong')).toEqual(usual);
    expect(usual.filter((text) => /INSERT|UPDATE|DELETE/i.test(text))).toEqual([]);
  });

  test('the right password signs in the first time and later', async () => {
    for (let n = 0; n < 2; n += 1) expect(await signIn(alice.uid, alice.password)).toBe(alice.id);
  });
});
