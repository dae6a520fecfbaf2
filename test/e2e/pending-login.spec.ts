import { hash } from '@node-rs/argon2';
import { beforeAll, expect, test } from 'vitest';
import { OpUser } from '../../src/reference-op/op/op-user.entity.js';
import { Browser, formTo, linkOf, type Page } from '../support/browser.js';
import { describeEachServer } from '../support/databases.js';
import { revokePerson } from '../support/operator.js';
import { alice, callback } from '../support/people.js';
import { RelyingParty, type Request } from '../support/relying-party.js';
import { sendOnly, typed } from '../support/send-only.js';
import { serverFixture } from '../support/server.js';
import { typePassword, walkThrough } from '../support/sign-in.js';

describeEachServer('a login in progress during a revocation', (database) => {
  const server = serverFixture(database);
  let app: RelyingParty;

  beforeAll(async () => {
    app = await RelyingParty.discover(server);
  });

  const revoke = (): Promise<void> => revokePerson(server, alice);

  /** The page says what happened, and its link starts the same request again: same application, same state, a good code. */
  async function expectFreshStart(browser: Browser, page: Page, request: Request): Promise<void> {
    expect(page.status).toBe(400);
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(page.text).toContain('<h1>You have been signed out</h1>');
    expect((await app.silently(browser)).url.searchParams.get('error')).toBe('login_required');

    const login = await browser.open(new URL(linkOf(page, 'Start again')!, page.url));
    expect(formTo(login, '/login')).toBeDefined();
    const end = await walkThrough(browser, login, alice);
    expect(end.url.href.startsWith(callback)).toBe(true);
    expect(end.url.searchParams.get('state')).toBe(request.state);
    const tokens = await app.redeem(request, end);
    expect((await app.userinfo(tokens.access_token)).status).toBe(200);
  }

  test('resuming after an accepted password shows an error page whose link works', async () => {
    const browser = new Browser(server.url);
    const request = await app.request();
    const resume = await sendOnly(browser, await browser.open(request.url), '/login', typed(alice));
    await revoke();
    await expectFreshStart(browser, await browser.open(resume), request);
  });

  test('resuming with a spent pushed request shows an error page whose link works', async () => {
    const browser = new Browser(server.url);
    const request = await app.pushedRequest();
    const resume = await sendOnly(browser, await browser.open(request.url), '/login', typed(alice));
    await revoke();
    await expectFreshStart(browser, await browser.open(resume), request);
  });

  test('the link starts again with all parameters of the request', async () => {
    const browser = new Browser(server.url);
    const more = {
      max_age: '600',
      nonce: 'n-0S6_WzA2Mj',
      login_hint: 'alice',
      ui_locales: 'en',
      prompt: 'consent login',
    };
    const { url } = await app.request(more);
    const resume = await sendOnly(browser, await browser.open(url), '/login', typed(alice));
    await revoke();
    const page = await browser.open(resume);
    const again = new URL(linkOf(page, 'Start again')!, page.url);
    expect(Object.fromEntries(again.searchParams)).toEqual(Object.fromEntries(url.searchParams));
  });

  test('submitting an open re-authentication form shows an error page whose link works', async () => {
    const browser = new Browser(server.url);
    await app.signIn(browser, alice);
    const request = await app.request({ prompt: 'login consent' });
    const form = await browser.open(request.url);
    await revoke();
    await expectFreshStart(browser, await typePassword(browser, form, alice), request);
  });

  test('reloading an open re-authentication form shows an error page', async () => {
    const browser = new Browser(server.url);
    await app.signIn(browser, alice);
    const request = await app.request({ prompt: 'login consent' });
    const form = await browser.open(request.url);
    await revoke();
    await expectFreshStart(browser, await browser.open(form.url), request);
  });

  test.each(['/consent', '/abort'])(
    'submitting the open consent form to %s shows an error page whose link works',
    async (to) => {
      const browser = new Browser(server.url);
      const request = await app.request();
      const form = await typePassword(browser, await browser.open(request.url), alice);
      await revoke();
      await expectFreshStart(browser, await browser.submit(form, formTo(form, to)), request);
    },
  );

  test('resuming after consent shows an error page whose link works', async () => {
    const browser = new Browser(server.url);
    const request = await app.request();
    const form = await typePassword(browser, await browser.open(request.url), alice);
    const resume = await sendOnly(browser, form, '/consent');
    await revoke();
    await expectFreshStart(browser, await browser.open(resume), request);
  });

  test('typing the password into a form opened without a session works', async () => {
    const browser = new Browser(server.url);
    const request = await app.request();
    const form = await browser.open(request.url);
    await revoke();
    const end = await walkThrough(browser, form, alice);
    const tokens = await app.redeem(request, end);
    expect((await app.introspect(tokens.access_token)).active).toBe(true);
  });

  test('a slow password check ends with an error page and leaves nothing alive', async () => {
    const setHash = async (timeCost: number): Promise<void> => {
      const slow = await hash(alice.password, { memoryCost: 65_536, timeCost, parallelism: 1 });
      await server.dataSource.manager.update(OpUser, alice.id, { passwordHash: slow });
    };
    await setHash(20);
    const browser = new Browser(server.url);
    const request = await app.request();
    const form = await browser.open(request.url);
    let isChecking = true;
    const end = typePassword(browser, form, alice).finally(() => (isChecking = false));
    await new Promise((done) => setTimeout(done, 300));
    await revoke();
    expect(isChecking).toBe(true);

    const page = await end;
    expect(page.url.pathname).toBe(form.url.pathname.replace('interaction', 'auth'));
    await setHash(1);
    const records = await server.dataSource.query<Array<{ kind: string }>>(
      `SELECT r.kind FROM gtr_oidc_record r JOIN gtr_subject_epoch e ON e.subject_hash = r.subject_hash
        WHERE r.epoch = e.epoch`,
    );
    expect(records).toEqual([]);
    await expectFreshStart(browser, page, request);
  });
});
