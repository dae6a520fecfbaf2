import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { DemoModule } from '../../../src/reference-op/demo/demo.module.js';
import { SESSION_MS } from '../../../src/reference-op/demo/questions.js';
import { MAX_VISITS, Visits } from '../../../src/reference-op/demo/visits.js';
import { ServerModule } from '../../../src/reference-op/server.module.js';
import { loadSettings } from '../../../src/reference-op/settings/settings-load.js';
import { Browser, formTo, linkOf, type Page } from '../../support/browser.js';
import { clock } from '../../support/clock.js';
import { databases, describeOneServer } from '../../support/databases.js';
import { revokePerson } from '../../support/operator.js';
import { alice, bob, type Person } from '../../support/people.js';
import { RelyingParty } from '../../support/relying-party.js';
import { startForTest, serverFixture, startServer } from '../../support/server.js';
import { walkThrough } from '../../support/sign-in.js';

const pass = clock();

const headline = ({ text }: Page): string | undefined => /<h1[^>]*>([^<]*)/.exec(text)?.[1];
const standings = ({ text }: Page): string[] =>
  [...text.matchAll(/<li data-standing="(\w+)" data-credential/g)].map(([, word]) => word!);

async function signIn(browser: Browser, person: Person, link = 'Sign in'): Promise<Page> {
  const page = await browser.open('/demo');
  return walkThrough(browser, await browser.open(linkOf(page, link)!), person);
}

describeOneServer('/demo without a script', (database) => {
  const server = serverFixture(database);

  test('shows everything alive, then ended after a revocation, then alive after signing in again', async () => {
    const browser = new Browser(server.url);
    expect(standings(await signIn(browser, alice))).toEqual(['alive', 'alive', 'alive']);
    await revokePerson(server, alice);
    const turned = await eventually(browser, 'Ended at the provider.');
    expect(standings(turned)).toEqual(['ended', 'ended', 'ended']);
    expect(standings(await signIn(browser, alice, 'Sign in again'))).toEqual(['alive', 'alive', 'alive']);
  });

  test('the button revokes through the endpoint, but not without the form token', async () => {
    const browser = new Browser(server.url);
    const page = await signIn(browser, alice);
    const form = formTo(page, '/demo/revoke')!;
    await browser.submit(page, { ...form, fields: { csrf: 'guessed' } });
    expect(headline(await browser.open('/demo'))).toBe('Everything is alive.');
    const turned = await browser.submit(page, form);
    expect(turned.text).toContain('204 No Content');
    expect(headline(await eventually(browser, 'Ended at the provider.'))).toBe('Ended at the provider.');
  });

  test('a revocation of bob changes nothing for alice', async () => {
    const browser = new Browser(server.url);
    await signIn(browser, alice);
    await revokePerson(server, bob);
    expect(headline(await browser.open('/demo'))).toBe('Everything is alive.');
  });

  test('signing out ends the session of alice but not her tokens, and a session of bob is not hers', async () => {
    const browser = new Browser(server.url);
    const page = await signIn(browser, alice);
    const confirm = await browser.open(linkOf(page, 'Sign out')!);
    await browser.submit(confirm, formTo(confirm, '/session/end/confirm'), { logout: 'yes' });
    expect(standings(await eventually(browser, 'The tokens still work.'))).toEqual(['ended', 'alive', 'alive']);

    await (await RelyingParty.discover(server)).signIn(browser, bob);
    pass(SESSION_MS + 1);
    expect(standings(await browser.open('/demo'))).toEqual(['ended', 'alive', 'alive']);
  });

  test('puts no token into the page or a cookie', async () => {
    const browser = new Browser(server.url);
    const { text, headers } = await signIn(browser, alice);
    const cookies = JSON.stringify((await browser.jar.getCookies(server.url + '/demo')).map(({ value }) => value));
    expect(text + cookies).not.toMatch(/eyJ[\w-]+\.|access_token|refresh_token=/);
    expect(headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; script-src 'self'; style-src 'sha256-/,
    );
  });

  test('reports a denied sign-in and offers to try again', async () => {
    const browser = new Browser(server.url);
    const start = await browser.open('/demo');
    const login = await browser.open(linkOf(start, 'Sign in')!);
    const page = await browser.submit(login, formTo(login, '/abort'));
    expect(headline(page)).toBe('Not signed in.');
    expect(linkOf(page, 'Sign in')).toBe(`${server.url}/demo/sign-in`);
  });

  test('returns 400 for a callback without a request', async () => {
    const page = await new Browser(server.url).open(`/demo/callback?code=x&state=y&iss=${server.url}`);
    expect(page.status).toBe(400);
  });
});

describe('/demo with an API that takes JWTs (draft-ietf-oauth-status-list §8.3)', () => {
  const jwt = ({ text }: Page): string | undefined => /<li data-standing="(\w+)" data-jwt/.exec(text)?.[1];

  test('the API accepts the JWT, and rejects it after a revocation, also when all else has ended before', async () => {
    const server = await startForTest(databases[0]!, { env: { GTR_STATUS_LIST_TTL_SECONDS: '3' } });
    const browser = new Browser(server.url);
    const page = await signIn(browser, alice);
    expect([standings(page), jwt(page)]).toEqual([['alive', 'alive', 'alive'], 'alive']);
    const missing = await fetch(`${server.url}/demo/api`);
    expect([missing.status, missing.headers.get('WWW-Authenticate')]).toEqual([401, 'Bearer']);
    await revokePerson(server, bob);
    expect(jwt(await browser.open('/demo'))).toBe('alive');
    await revokePerson(server, alice);
    await eventually(browser, 'Everything has ended.');
    const ended = await browser.open('/demo');
    expect(jwt(ended)).toBe('ended');
    expect(headline(ended)).toBe('Everything has ended.');
    expect(ended.text).not.toContain('data-asks');
    expect(ended.text).not.toMatch(/eyJ[\w-]+\./);
  });
});

describe('/demo', () => {
  test('is not mounted in production', () => {
    const imports = (production: boolean) =>
      ServerModule.forRoot(Object.assign(loadSettings({}), { production })).imports!.map((each) =>
        'module' in each ? each.module : each,
      );
    expect(imports(false)).toContain(DemoModule);
    expect(imports(true)).not.toContain(DemoModule);
  });

  test('sign-in works after a restart with another issuer', async () => {
    const { url: databaseUrl, drop } = await databases[0]!.create();
    for (let starts = 0; starts < 2; starts += 1) {
      const server = await startServer(databases[0]!, { databaseUrl });
      expect(headline(await signIn(new Browser(server.url), alice))).toBe('Everything is alive.');
      await server.stop();
    }
    await drop();
  });

  test('reports a refusal of the endpoint and keeps everything alive', async () => {
    const server = await startForTest(databases[0]!, { env: { GTR_FEATURE_FLAGS: 'GLOBAL_TOKEN_REVOCATION=off' } });
    const browser = new Browser(server.url);
    const page = await signIn(browser, alice);
    const answer = await browser.submit(page, formTo(page, '/demo/revoke'));
    expect(answer.text).toContain('The endpoint answered 403: global token revocation is switched off.');
    expect(headline(answer)).toBe('Everything is alive.');
  });

  test('ignores a cookie that is forged or tampered with', () => {
    const visits = new Visits({ issuer: 'https://op.example.com', demo: true, docs: true, endpoint: '' });
    const visit = visits.begin();
    const cookie = visits.cookie(visit).split(';')[0]!;
    const of = (text: string) => visits.of({ headers: { cookie: text } } as never);
    expect(of(`a=b; ${cookie}`)).toBe(visit);
    expect(of(cookie.slice(0, -1) + (cookie.endsWith('A') ? 'B' : 'A'))).toBeUndefined();
    expect(of(cookie.replace('=', '=x'))).toBeUndefined();
    expect(visits.cookie(visit)).toMatch(/; Path=\/demo; HttpOnly; SameSite=Lax; Secure$/);
  });

  test('forgets the least recently seen visit when there are too many', () => {
    const visits = new Visits({ issuer: 'http://localhost:3000', demo: true, docs: true, endpoint: '' });
    const of = (visit: ReturnType<Visits['begin']>) =>
      visits.of({ headers: { cookie: visits.cookie(visit) } } as never);
    const [first, second] = [visits.begin(), visits.begin()];
    of(first);
    for (let count = 2; count <= MAX_VISITS; count += 1) visits.begin();
    expect(of(first)).toBe(first);
    expect(of(second)).toBeUndefined();
  });
});

/** The session is asked about every two seconds when no token has turned. */
async function eventually(browser: Browser, expected: string): Promise<Page> {
  for (const deadline = Date.now() + 10_000; ;) {
    const page = await browser.open('/demo');
    if (headline(page) === expected || Date.now() > deadline) return page;
    pass(100);
    await sleep(10);
  }
}
