import { beforeAll, expect, test } from 'vitest';
import { Sweeper } from '../../src/module/revocation/sweep/sweeper.js';
import { Browser, formTo, linkOf, type Page } from '../support/browser.js';
import { describeEachServer, type TestDatabase } from '../support/databases.js';
import { revokePerson } from '../support/operator.js';
import { alice, bob, type Person } from '../support/people.js';
import { Device, oauthError, RelyingParty } from '../support/relying-party.js';
import { sendOnly, typed } from '../support/send-only.js';
import { serverFixture, type TestServer } from '../support/server.js';
import { typePassword, walkThrough } from '../support/sign-in.js';

describeEachServer('device flows when alice is revoked', (database) => {
  interrupted(database, (server) => revokePerson(server, alice));
});

describeEachServer('device flows when alice is revoked and what ended was swept', (database) => {
  interrupted(database, async (server) => {
    await revokePerson(server, alice);
    await server.app.get(Sweeper).sweep(0);
  });
});

/** The tests. @param end revokes alice */
function interrupted(database: TestDatabase, end: (server: TestServer) => Promise<void>): void {
  const server = serverFixture(database);
  let app: RelyingParty;
  let device: Device;

  beforeAll(async () => {
    app = await RelyingParty.discover(server);
    device = await Device.discover(server);
  });

  const revoke = (): Promise<void> => end(server);

  /** From a page on which the user code is filled in to the end; without JavaScript "Continue" is pressed. */
  async function onwards(browser: Browser, page: Page, person: Person): Promise<Page> {
    const next = page.text.includes('<noscript>') || page.text.includes('op.deviceInputForm');
    const code = /name="user_code"[^>]*value="([^"]*)"/.exec(page.text)?.[1] ?? '';
    const confirm = next ? await browser.submit(page, formTo(page, '/device'), { user_code: code }) : page;
    const login = await browser.submit(confirm, formTo(confirm, '/device'), { confirm: 'yes' });
    return walkThrough(browser, login, person);
  }

  /** The page says what happened; its link starts again with the same code; the device gets tokens that work. */
  async function expectFreshStart(
    {
      browser,
      started,
      person = alice,
    }: { browser: Browser; started: Awaited<ReturnType<Device['start']>>; person?: Person },
    page: Page,
  ): Promise<void> {
    expect(page.status).toBe(400);
    expect(page.text).toContain('<h1>You have been signed out</h1>');
    expect(await oauthError(device.poll(started))).toBe('authorization_pending');

    const link = linkOf(page, 'Start again')!;
    expect(link.replaceAll('-', '')).toContain(started.user_code.replaceAll('-', ''));
    const done = await onwards(browser, await browser.open(new URL(link, page.url)), person);
    expect(done.text).toContain('Device connected');
    const tokens = await device.poll(started);
    expect(tokens.claims()?.sub).toBe(person.id);
    expect((await app.introspect(tokens.access_token)).active).toBe(true);
  }

  async function atLogin(browser = new Browser(server.url)) {
    const started = await device.start();
    return { browser, started, login: await device.confirm(browser, started.user_code) };
  }

  test('resuming after an accepted password shows the same code again', async () => {
    const it = await atLogin();
    const resume = await sendOnly(it.browser, it.login, '/login', typed(alice));
    await revoke();
    await expectFreshStart(it, await it.browser.open(resume));
  });

  test.each(['/consent', '/abort'])('submitting the open consent form to %s shows the same code again', async (to) => {
    const it = await atLogin();
    const consent = await typePassword(it.browser, it.login, alice);
    await revoke();
    await expectFreshStart(it, await it.browser.submit(consent, formTo(consent, to)));
  });

  test('resuming after consent shows the same code again', async () => {
    const it = await atLogin();
    const consent = await typePassword(it.browser, it.login, alice);
    const resume = await sendOnly(it.browser, consent, '/consent');
    await revoke();
    await expectFreshStart(it, await it.browser.open(resume));
  });

  test('bob, who signed in over the session of alice, sees the same code again', async () => {
    const browser = new Browser(server.url);
    await app.signIn(browser, alice);
    const it = await atLogin(browser);
    // The consent page is over her session; he signs in there as himself.
    const resume = await sendOnly(it.browser, it.login, '/login', typed(bob));
    await revoke();
    await expectFreshStart({ ...it, person: bob }, await it.browser.open(resume));
  });

  test('a user code without its cookie gets a page that starts again, never 500', async () => {
    const { user_code } = await device.start();
    const response = await fetch(`${server.url}/device`, {
      method: 'POST',
      body: new URLSearchParams({ user_code, xsrf: 'x' }),
    });
    expect(response.status).toBe(400);
    expect(response.headers.get('set-cookie')).toBeNull();
    expect(await response.text()).toContain('Allow cookies for this site, then start again.');
  });

  test('after the interaction of alice has died, bob connects his device with one click', async () => {
    const { started, browser, login } = await atLogin();
    await typePassword(browser, login, alice);
    await revoke();
    const his = new Browser(server.url);
    const input = await his.open('/device');
    const page = await his.submit(input, formTo(input, '/device'), { user_code: started.user_code });
    expect(page.text).toContain('The sign-in with this code has ended. Continue to start again.');
    const done = await onwards(his, page, bob);
    expect(done.text).toContain('Device connected');
    expect((await device.poll(started)).claims()?.sub).toBe(bob.id);
  });

  test('an open interaction of alice stays hers when bob types its code', async () => {
    const { started, browser, login } = await atLogin();
    const consent = await typePassword(browser, login, alice);
    const his = new Browser(server.url);
    const input = await his.open('/device');
    const page = await his.submit(input, formTo(input, '/device'), { user_code: started.user_code });
    expect(page.text).toContain('This code has been used.');
    await walkThrough(browser, consent, alice);
    expect((await device.poll(started)).claims()?.sub).toBe(alice.id);
  });

  test.each(['input', 'confirm'])(
    'an open %s page over her session keeps the code and needs one click',
    async (which) => {
      const browser = new Browser(server.url);
      await app.signIn(browser, alice);
      const started = await device.start();
      const input = await browser.open('/device');
      const confirm =
        which === 'confirm' &&
        (await browser.submit(input, formTo(input, '/device'), { user_code: started.user_code }));
      await revoke();
      const page = confirm
        ? await browser.submit(confirm, formTo(confirm, '/device'), { confirm: 'yes' })
        : await browser.submit(input, formTo(input, '/device'), { user_code: started.user_code });
      expect(page.text).not.toContain('This code is not right');
      expect((await onwards(browser, page, alice)).text).toContain('Device connected');
      expect((await device.poll(started)).claims()?.sub).toBe(alice.id);
    },
  );

  test('the approved code of alice is dead, and its page leads nowhere', async () => {
    const it = await atLogin();
    const done = await walkThrough(it.browser, it.login, alice);
    expect(done.text).toContain('Device connected');
    await revoke();
    expect(await oauthError(device.poll(it.started))).toBe('invalid_grant');
    const again = await it.browser.open(it.login.url);
    expect(again.text).not.toContain('Start again');
  });
}
