import { setTimeout as sleep } from 'node:timers/promises';
import { hash } from '@node-rs/argon2';
import { beforeAll, expect, test } from 'vitest';
import { OpUser } from '../../../src/reference-op/op/op-user.entity.js';
import { SubjectEpochs } from '../../../src/module/revocation/subject-epochs.js';
import { Browser } from '../../support/browser.js';
import { describeEachDatabase } from '../../support/databases.js';
import { revokePerson } from '../../support/operator.js';
import { alice, bob, breakfast } from '../../support/people.js';
import { RelyingParty } from '../../support/relying-party.js';
import { serverFixture } from '../../support/server.js';
import { typePassword, walkThrough } from '../../support/sign-in.js';

describeEachDatabase('R4: the first factor', (database) => {
  const server = serverFixture(database);
  let app: RelyingParty;

  beforeAll(async () => {
    app = await RelyingParty.discover(server);
  });

  test('R4: a sign-in does not survive a revocation during the password check', async () => {
    const slow = await hash(alice.password, { memoryCost: 19_456, timeCost: 60, parallelism: 1 });
    await server.dataSource.getRepository(OpUser).update({ id: alice.id }, { passwordHash: slow });
    const browser = new Browser(server.url);
    const login = await browser.open((await app.request()).url);

    const password = { isChecked: false };
    const signedIn = typePassword(browser, login, alice).finally(() => (password.isChecked = true));
    // Reading the epoch after the password would end this loop too, and fail the next expectation.
    const epochs = server.app.get(SubjectEpochs, { strict: false });
    while (!password.isChecked && (await epochs.current(alice.id)) === undefined) await sleep(10);
    await revokePerson(server, alice);
    expect(password.isChecked, 'the password check was over before the revocation').toBe(false);

    const page = await walkThrough(browser, await signedIn, { ...alice, password: '' }).catch(
      (error: unknown) => error,
    );
    expect(page).toMatchObject({ status: 400, text: expect.stringContaining('signed out') as string });
    expect((await app.silently(browser)).url.searchParams.get('error')).toBe('login_required');
  });

  test('R4: a sign-in with another spelling of the name ends with the rest of that user', async () => {
    const browser = new Browser(server.url);
    const typed = { uid: bob.email.replace('example.com', 'EXAMPLE.COM'), password: bob.password };
    const request = await app.request();
    const tokens = await app.redeem(request, await walkThrough(browser, await browser.open(request.url), typed));
    expect((await app.introspect(tokens.access_token)).sub).toBe(bob.id);

    await revokePerson(server, bob);
    expect((await app.introspect(tokens.access_token)).active).toBe(false);
  });

  test('R4: a wrong password leaves no epoch behind, and the right one signs in afterwards', async () => {
    const browser = new Browser(server.url);
    const request = await app.request();
    const login = await browser.open(request.url);
    const again = await typePassword(browser, login, { uid: breakfast.uid, password: 'wrong' });
    expect(again.status).toBe(400);
    await revokePerson(server, breakfast);
    const tokens = await app.redeem(request, await walkThrough(browser, again, breakfast));
    expect((await app.introspect(tokens.access_token)).active).toBe(true);
  });
});
