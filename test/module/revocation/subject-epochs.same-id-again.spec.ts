import { beforeAll, expect, test } from 'vitest';
import { OpUser } from '../../../src/reference-op/op/op-user.entity.js';
import { Browser } from '../../support/browser.js';
import { describeEachDatabase } from '../../support/databases.js';
import { revokePerson } from '../../support/operator.js';
import { alice } from '../../support/people.js';
import { oauthError, RelyingParty } from '../../support/relying-party.js';
import { serverFixture } from '../../support/server.js';

describeEachDatabase('a user deleted and created again with the same ID', (database) => {
  const server = serverFixture(database);
  let app: RelyingParty;

  beforeAll(async () => {
    app = await RelyingParty.discover(server);
  });

  test('keeps revoked credentials dead, and the user can sign in again', async () => {
    const users = server.dataSource.getRepository(OpUser);
    const browser = new Browser(server.url);
    const old = await app.signIn(browser, alice);
    const user = await users.findOneByOrFail({ id: alice.id });
    await revokePerson(server, alice);
    await users.delete({ id: alice.id });
    expect((await app.introspect(old.access_token)).active).toBe(false);

    await users.insert(user);
    expect((await app.introspect(old.access_token)).active).toBe(false);
    expect(await oauthError(app.refresh(old.refresh_token!))).toBe('invalid_grant');
    expect((await app.silently(browser)).url.searchParams.get('error')).toBe('login_required');

    const anew = await app.signIn(browser, alice);
    expect((await app.introspect(anew.access_token)).active).toBe(true);
    expect((await app.introspect(old.access_token)).active).toBe(false);
  });
});
