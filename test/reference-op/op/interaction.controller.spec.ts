import { beforeAll, expect, test } from 'vitest';
import { Browser, formTo, type Page } from '../../support/browser.js';
import { describeEachDatabase } from '../../support/databases.js';
import { alice, bob, callback, type Person } from '../../support/people.js';
import { RelyingParty } from '../../support/relying-party.js';
import { serverFixture } from '../../support/server.js';
import { typePassword } from '../../support/sign-in.js';

describeEachDatabase('login and consent pages', (database) => {
  const server = serverFixture(database);
  let app: RelyingParty;

  beforeAll(async () => {
    app = await RelyingParty.discover(server);
  });

  async function attempt(identifier: string, password: string): Promise<Page> {
    const browser = new Browser(server.url);
    const login = await browser.open((await app.request()).url);
    return browser.submit(login, formTo(login, '/login'), { identifier, password });
  }

  const countEpochs = async (): Promise<number> => {
    const [row] = await server.dataSource.query<Array<{ n: number | string }>>(
      'SELECT COUNT(*) AS n FROM gtr_subject_epoch',
    );
    return Number(row!.n);
  };

  test('a wrong password shows the form with an alert, the identifier and an empty password', async () => {
    const page = await attempt('alice', 'not-her-password');
    expect(page.status).toBe(400);
    expect(page.text).toMatch(/role="alert"><p id="error">Username or password is wrong\./);
    expect(page.text).toMatch(/name="identifier"[^>]*value="alice"/);
    expect(page.text).not.toContain('not-her-password');
    expect(page.headers.get('cache-control')).toBe('no-store');
  });

  test('an unknown user gets the same page as a wrong password, except for the identifier', async () => {
    const neutral = (page: Page): string =>
      page.text.replaceAll(page.url.pathname.split('/')[2]!, '<uid>').replaceAll(/alice|nobody/g, '<identifier>');
    const known = await attempt('alice', 'wrong');
    const unknown = await attempt('nobody', 'wrong');
    expect(unknown.status).toBe(known.status);
    expect(neutral(unknown)).toBe(neutral(known));
    const names = ({ headers }: Page): string[] => [...headers.keys()].filter((name) => name !== 'date');
    expect(names(unknown)).toEqual(names(known));
  });

  test.each([
    ['nothing', {}],
    ['lists', { identifier: ['alice', 'bob'], password: [alice.password, bob.password] }],
  ])('posting %s shows the form again', async (_what, values) => {
    const browser = new Browser(server.url);
    const login = await browser.open((await app.request()).url);
    const body = new URLSearchParams(
      Object.entries(values).flatMap(([name, list]) => list.map((value): [string, string] => [name, value])),
    );
    const answer = await browser.send(new URL(formTo(login, '/login')!.action, login.url), { method: 'POST', body });
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain('Username or password is wrong.');
  });

  test('an e-mail address in any case signs in to the same account with one epoch', async () => {
    await app.signIn(new Browser(server.url), alice);
    const before = await countEpochs();
    const subs = new Set<string | undefined>();
    for (const uid of ['alice@example.com', 'Alice@Example.COM', 'ALICE@EXAMPLE.COM']) {
      const tokens = await app.signIn(new Browser(server.url), { ...alice, uid } as Person);
      subs.add(tokens.claims()?.sub);
    }
    expect([...subs]).toEqual([alice.id]);
    expect(await countEpochs()).toBe(before);
  });

  test.each(['ALICE', 'alice ', 'álice', 'alice%', 'example.com', '@example.com', 'wonderland'])(
    '%s with the password of alice is rejected',
    async (uid) => {
      expect((await attempt(uid, alice.password)).text).toContain('Username or password is wrong.');
    },
  );

  test.each(['/login', '/consent'])(
    'cancelling on the page with %s returns access_denied to the application',
    async (on) => {
      const browser = new Browser(server.url);
      const request = await app.request();
      const login = await browser.open(request.url);
      const page = on === '/login' ? login : await typePassword(browser, login, alice);
      expect(formTo(page, on)).toBeDefined();
      const { url } = await browser.submit(page, formTo(page, '/abort'));
      expect(url.href.startsWith(callback)).toBe(true);
      expect(Object.fromEntries(url.searchParams)).toMatchObject({ error: 'access_denied', state: request.state });
      expect(url.searchParams.get('code')).toBeNull();
    },
  );

  test('the consent page names user, application and requested scopes', async () => {
    const { text } = await attempt('bob', bob.password);
    for (const word of [bob.name, 'Stay connected while you are away', 'See your e-mail address']) {
      expect(text).toContain(word);
    }
  });
});
