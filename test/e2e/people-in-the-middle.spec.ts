import { beforeAll, describe, expect, test } from 'vitest';
import { Sweeper } from '../../src/module/revocation/sweep/sweeper.js';
import { Browser, formTo, linkOf, type Page } from '../support/browser.js';
import { describeEachServer, type TestDatabase } from '../support/databases.js';
import { revokePerson } from '../support/operator.js';
import { alice, bob, callback, demoApp } from '../support/people.js';
import { oauthError, RelyingParty } from '../support/relying-party.js';
import { sendOnly, typed } from '../support/send-only.js';
import { serverFixture, type TestServer } from '../support/server.js';
import { typePassword, walkThrough } from '../support/sign-in.js';

describeEachServer('interrupted flows when alice is revoked', (database) => {
  interrupted(database, (server) => revokePerson(server, alice));
});

describeEachServer('interrupted flows when alice is revoked and what ended was swept', (database) => {
  interrupted(database, async (server) => {
    await revokePerson(server, alice);
    await server.app.get(Sweeper).sweep(0);
  });
});

/** The tests. @param end revokes alice */
function interrupted(database: TestDatabase, end: (server: TestServer) => Promise<void>): void {
  const server = serverFixture(database);
  let app: RelyingParty;

  beforeAll(async () => {
    app = await RelyingParty.discover(server);
  });

  const revoke = (): Promise<void> => end(server);

  const follow = (browser: Browser, page: Page, label: string): Promise<Page> =>
    browser.open(new URL(linkOf(page, label) ?? `no-link:${page.text}`, page.url));

  function expectEnded(page: Page): void {
    expect(page.status).toBe(400);
    expect(page.text).toContain('<h1>You have been signed out</h1>');
  }

  describe('bob signs in over the session of alice', () => {
    /** Bob asks to sign in as somebody else on the computer where alice is signed in. */
    async function switching() {
      const browser = new Browser(server.url);
      await app.signIn(browser, alice);
      const request = await app.request({ prompt: 'login consent' });
      return { browser, request, form: await browser.open(request.url) };
    }

    /** What comes after the page ends with bob signed in at the application. */
    async function expectBob({ browser, request }: Awaited<ReturnType<typeof switching>>, page: Page): Promise<void> {
      const end = await walkThrough(browser, page, bob);
      expect(end.url.href.startsWith(callback), end.text).toBe(true);
      expect(end.url.searchParams.get('state')).toBe(request.state);
      expect((await app.redeem(request, end)).claims()?.sub).toBe(bob.id);
    }

    test('bob types his password after the revocation and needs one more click', async () => {
      const it = await switching();
      await revoke();
      const page = await typePassword(it.browser, it.form, bob);
      expectEnded(page);
      await expectBob(it, await follow(it.browser, page, 'Start again'));
    });

    test('bob resumes after the revocation and needs one more click', async () => {
      const it = await switching();
      const resume = await sendOnly(it.browser, it.form, '/login', typed(bob));
      await revoke();
      const page = await it.browser.open(resume);
      expectEnded(page);
      await expectBob(it, await follow(it.browser, page, 'Start again'));
    });

    test('the revocation comes while his session replaces hers, and bob needs one more click', async () => {
      const it = await switching();
      const replacing = await typePassword(it.browser, it.form, bob);
      await revoke();
      const page = await it.browser.submit(replacing, formTo(replacing, '/session/end/confirm'));
      expectEnded(page);
      await expectBob(it, await follow(it.browser, page, 'Start again'));
    });

    test('bob goes back during the replacement and cancels: the application gets access_denied', async () => {
      const it = await switching();
      await typePassword(it.browser, it.form, bob);
      const end = await it.browser.submit(it.form, formTo(it.form, '/abort'));
      expect(end.url.searchParams.get('error')).toBe('access_denied');
    });

    test('credentials of bob elsewhere stay alive', async () => {
      const his = await app.signIn(new Browser(server.url), bob);
      const it = await switching();
      await sendOnly(it.browser, it.form, '/login', typed(bob));
      await revoke();
      expect((await app.userinfo(his.access_token)).status).toBe(200);
      expect(await oauthError(app.refresh(his.refresh_token!))).toBeUndefined();
    });
  });

  describe('logout page', () => {
    const target = 'http://localhost:3001/';
    const open = async (browser: Browser, more: Record<string, string>): Promise<Page> => {
      const { id_token } = await app.signIn(browser, alice);
      return browser.open(`/session/end?${new URLSearchParams({ id_token_hint: id_token!, ...more })}`);
    };

    test('submitted after the revocation, says that alice is signed out', async () => {
      const browser = new Browser(server.url);
      const page = await open(browser, {});
      await revoke();
      const end = await browser.submit(page, formTo(page, '/confirm'), { logout: 'yes' });
      expect(end.text).toMatch(/<h1>(You have been s|S)igned out<\/h1>/);
    });

    test('requested by an application, leads back to it', async () => {
      const browser = new Browser(server.url);
      const page = await open(browser, { post_logout_redirect_uri: target, state: 'bye' });
      await revoke();
      const end = await browser.submit(page, formTo(page, '/confirm'), { logout: 'yes' });
      expect(linkOf(end, 'Back to')).toBe(`${target}?state=bye`);
    });

    test('sent with a wrong secret, leads nowhere', async () => {
      const browser = new Browser(server.url);
      const page = await open(browser, { post_logout_redirect_uri: target });
      await revoke();
      const end = await browser.submit(page, formTo(page, '/confirm'), { logout: 'yes', xsrf: 'guessed' });
      expect(end.text).not.toContain(target);
    });
  });

  describe('two tabs and lost cookies', () => {
    test('an interaction finished in the other tab shows a page instead of a bare 400', async () => {
      const browser = new Browser(server.url);
      const form = await browser.open((await app.request()).url);
      await walkThrough(browser, form, alice);
      expectEnded(await typePassword(browser, form, alice));
      expectEnded(await browser.open(form.url));
    });

    test('an interaction without its cookie shows a page without links or secrets', async () => {
      const { url, state } = await app.request();
      const form = await new Browser(server.url).open(url);
      const stranger = new Browser(server.url);
      for (const page of [await stranger.open(form.url), await typePassword(stranger, form, alice)]) {
        expectEnded(page);
        expect(page.text).not.toContain('<a');
        for (const secret of [state, demoApp.clientId, callback, form.url.pathname]) {
          expect(page.text).not.toContain(secret);
        }
      }
      const resume = await stranger.open(form.url.pathname.replace('interaction', 'auth'));
      expectEnded(resume);
      expect(resume.text).not.toContain('<a');
    });
  });
}
