import { beforeAll, expect, test } from 'vitest';
import { Browser, formTo, type Page } from '../../support/browser.js';
import { clock } from '../../support/clock.js';
import { describeOneServer } from '../../support/databases.js';
import { revokePerson } from '../../support/operator.js';
import { alice, bob } from '../../support/people.js';
import { oauthError, RelyingParty } from '../../support/relying-party.js';
import { serverFixture } from '../../support/server.js';

const target = 'http://localhost:3001/';

describeOneServer('sessions', (database) => {
  const server = serverFixture(database);
  let app: RelyingParty;

  beforeAll(async () => {
    app = await RelyingParty.discover(server);
  });

  const silentError = async (browser: Browser): Promise<string | null> =>
    (await app.silently(browser)).url.searchParams.get('error');

  async function logoutPage(browser: Browser, more: Record<string, string> = {}): Promise<Page> {
    const { id_token } = await app.signIn(browser, alice);
    return browser.open(`/session/end?${new URLSearchParams({ id_token_hint: id_token!, ...more })}`);
  }

  test('a second request of the same browser needs no password', async () => {
    const browser = new Browser(server.url);
    await app.signIn(browser, alice);
    expect(await silentError(browser)).toBeNull();
    expect(await silentError(new Browser(server.url))).toBe('login_required');
  });

  test('logout ends the session, returns to the application with state and keeps offline access', async () => {
    const browser = new Browser(server.url);
    const kept = await app.signIn(new Browser(server.url), alice);
    const page = await logoutPage(browser, { post_logout_redirect_uri: target, state: 'bye' });
    const end = await browser.submit(page, formTo(page, '/confirm'), { logout: 'yes' });
    expect(end.url.href).toBe(`${target}?state=bye`);
    expect(await silentError(browser)).toBe('login_required');
    expect(await oauthError(app.refresh(kept.refresh_token!))).toBeUndefined();
  });

  test('logout ends tokens that are bound to the session', async () => {
    const browser = new Browser(server.url);
    const tokens = await app.signIn(browser, alice, { scope: 'openid' });
    const page = await browser.open(`/session/end?${new URLSearchParams({ id_token_hint: tokens.id_token! })}`);
    const end = await browser.submit(page, formTo(page, '/confirm'), { logout: 'yes' });
    expect(end.text).toContain('You are signed out');
    expect((await app.userinfo(tokens.access_token)).status).toBe(401);
  });

  test('"Stay signed in" keeps the session', async () => {
    const browser = new Browser(server.url);
    const page = await logoutPage(browser);
    await browser.submit(page, formTo(page, '/confirm'));
    expect(await silentError(browser)).not.toBe('login_required');
  });

  test('logout without the secret of its page keeps the session', async () => {
    const browser = new Browser(server.url);
    const page = await logoutPage(browser);
    const end = await browser.submit(page, formTo(page, '/confirm'), { logout: 'yes', xsrf: 'guessed' });
    expect(end.status).toBe(400);
    expect(await silentError(browser)).toBeNull();
  });

  test('logout to an unregistered address is rejected', async () => {
    const page = await logoutPage(new Browser(server.url), { post_logout_redirect_uri: 'https://evil.example/' });
    expect(page.status).toBe(400);
    expect(page.text).not.toContain('href="https://evil.example');
  });

  test('signing in again gives a new session ID and invalidates the old one', async () => {
    const browser = new Browser(server.url);
    await app.signIn(browser, alice);
    const before = await browser.jar.getCookieString(server.url);
    await app.signIn(browser, alice, { prompt: 'login consent' });
    const { url } = await app.request({ prompt: 'none', scope: 'openid' });
    const old = await fetch(url, { headers: { cookie: before }, redirect: 'manual' });
    expect(new URL(old.headers.get('location')!).searchParams.get('error')).toBe('login_required');
    expect(await silentError(browser)).toBeNull();
  });
});

describeOneServer('a session that has just expired', (database) => {
  const server = serverFixture(database, { env: { GTR_SESSION_TTL_SECONDS: '60' } });
  const pass = clock();
  let app: RelyingParty;

  beforeAll(async () => {
    app = await RelyingParty.discover(server);
  });

  /** The library takes a session for 15 s longer than it lasts (`clockTolerance`): nothing else of hers is loaded here. */
  test.each(['/session/end', '/device'])('%s gets the same answer with and without a revocation', async (path) => {
    const browser = new Browser(server.url);
    await app.signIn(browser, bob);
    const cookie = await browser.jar.getCookieString(server.url);
    pass(60_000);
    const open = () => fetch(`${server.url}${path}`, { headers: { cookie, accept: 'text/html' } });
    expect((await open()).status).toBe(200);
    await revokePerson(server, bob);
    expect((await open()).status).toBe(200);
  });

  test('a silent request after a revocation returns login_required', async () => {
    const browser = new Browser(server.url);
    await app.signIn(browser, bob);
    const cookie = await browser.jar.getCookieString(server.url);
    pass(60_000);
    await revokePerson(server, bob);
    const { url } = await app.request({ prompt: 'none', scope: 'openid' });
    const answer = await fetch(url, { headers: { cookie }, redirect: 'manual' });
    expect(new URL(answer.headers.get('location')!).searchParams.get('error')).toBe('login_required');
  });
});
