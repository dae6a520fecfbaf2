import { createHash } from 'node:crypto';
import { beforeAll, expect, test } from 'vitest';
import { Browser, formTo, type Page } from '../support/browser.js';
import { describeEachDatabase } from '../support/databases.js';
import { revokePerson } from '../support/operator.js';
import { alice, bob } from '../support/people.js';
import { Device, RelyingParty } from '../support/relying-party.js';
import { serverFixture } from '../support/server.js';
import { typePassword, walkThrough } from '../support/sign-in.js';

const app3001 = 'http://localhost:3001';
const directives = new Set(
  `default-src base-uri connect-src font-src form-action frame-ancestors img-src object-src script-src script-src-attr style-src`.split(
    ' ',
  ),
);

const policyOf = ({ headers }: Page): Map<string, string[]> =>
  new Map(
    (headers.get('content-security-policy') ?? '').split(';').map((directive) => {
      const [name = '', ...values] = directive.trim().split(/\s+/);
      return [name, values];
    }),
  );

const hashes = (text: string, tag: string): string[] =>
  [...text.matchAll(new RegExp(`<${tag}>([^]*?)</${tag}>`, 'g'))].map(
    ([, body]) => `'sha256-${createHash('sha256').update(body!).digest('base64')}'`,
  );

describeEachDatabase('content policy', (database) => {
  const server = serverFixture(database);
  let app: RelyingParty;
  const pages = new Map<string, Page>();

  beforeAll(async () => {
    app = await RelyingParty.discover(server);
    await visit();
  });

  /** Walks past every page there is. */
  async function visit(): Promise<void> {
    const keep = async (name: string, page: Promise<Page>): Promise<Page> => (pages.set(name, await page), page);
    const browser = new Browser(server.url);
    await keep('home', browser.open('/'));
    await keep('not found', browser.open('/nowhere'));
    await keep('docs', browser.open('/docs'));
    await keep('error', browser.open('/auth?client_id=nobody'));
    const login = await keep('login', browser.open((await app.request()).url));
    await keep('login again', typePassword(browser, login, { ...alice, password: 'wrong' as typeof alice.password }));
    const consent = await keep('consent', typePassword(browser, login, alice));
    await revokePerson(server, alice);
    await keep('signed out', browser.submit(consent, formTo(consent, '/consent')));

    const device = await Device.discover(server);
    const started = await device.start();
    const input = await keep('device input', browser.open('/device'));
    await keep('device input again', browser.submit(input, formTo(input, '/device'), { user_code: 'WRONG' }));
    const filled = await keep('device link', browser.open(`/device?user_code=${started.user_code}`));
    const confirm = await keep('device confirm', browser.submit(filled, formTo(filled, '/device')));
    const deviceLogin = await browser.submit(confirm, formTo(confirm, '/device'), { confirm: 'yes' });
    await keep('device done', walkThrough(browser, deviceLogin, alice));

    const switching = await browser.open((await app.request({ prompt: 'login' })).url);
    await keep('another person', typePassword(browser, switching, bob));
    const { id_token = '' } = await app.signIn(browser, alice);
    const end = new URLSearchParams({ id_token_hint: id_token, post_logout_redirect_uri: `${app3001}/` });
    await keep('logout', browser.open(`/session/end?${end}`));
    const logout = await browser.open('/session/end');
    await keep('logged out', browser.submit(logout, formTo(logout, '/confirm'), { logout: 'yes' }));
    const posted = await browser.open((await app.request({ response_mode: 'form_post' })).url);
    await keep('answer by form', walkThrough(browser, posted, alice));
  }

  test('every page was reached', () => {
    const unlike = [...pages].filter(([name, { status }]) => status !== (EXPECTED[name] ?? 200));
    expect(unlike.map(([name, { status, text }]) => [name, status, text])).toEqual([]);
    expect(pages.size).toBe(17);
  });

  test('an unknown page is HTML for a browser and JSON for a program', async () => {
    expect(pages.get('not found')!.text).toContain('<h1>Page not found</h1>');
    const answer = await fetch(`${server.url}/nowhere`, { headers: { accept: 'application/json' } });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      404,
      expect.stringContaining('application/json'),
    ]);
  });

  test('no page allows unsafe, unknown or duplicate sources', () => {
    for (const [name, page] of pages) {
      const text = page.headers.get('content-security-policy') ?? '';
      expect(text, name).not.toMatch(/unsafe|upgrade-insecure-requests|\*/);
      const names = text.split(';').map((directive) => directive.trim().split(' ')[0]!);
      expect(
        names.filter((directive) => !directives.has(directive)),
        name,
      ).toEqual([]);
      expect(new Set(names).size, name).toBe(names.length);
      expect(page.headers.get('content-security-policy-report-only'), name).toBeNull();
    }
  });

  test('every page may run and show its own content, and has no forbidden attribute', () => {
    for (const [name, page] of pages) {
      const policy = policyOf(page);
      for (const [tag, directive] of [
        ['style', 'style-src'],
        ['script', 'script-src'],
      ] as const) {
        const allowed = policy.get(directive) ?? policy.get('default-src') ?? [];
        for (const hash of hashes(page.text, tag)) expect(allowed, `${name}: ${tag}`).toContain(hash);
      }
      expect(page.text.replaceAll(/<(style|script)>[^]*?<\/\1>/g, ''), name).not.toMatch(
        /\son\w+=|\sstyle=|javascript:/,
      );
    }
  });

  test.each(['login', 'login again', 'consent', 'logout'])('%s: the form may lead to the application', (name) => {
    expect(policyOf(pages.get(name)!).get('form-action')).toEqual(["'self'", app3001]);
  });

  test.each(['device link', 'another person', 'answer by form'])('%s: the form may be sent', (name) => {
    const page = pages.get(name)!;
    const targets = policyOf(page).get('form-action');
    expect(page.text).toContain('<form method="post"');
    if (targets) expect(targets).toContain(name === 'answer by form' ? app3001 : "'self'");
  });

  test('no page may be shown in a frame', () => {
    for (const [name, page] of pages) expect(policyOf(page).get('frame-ancestors')?.[0], name).toMatch(/'(none|self)'/);
  });
});

const EXPECTED: Record<string, number> = { 'not found': 404, error: 400, 'login again': 400, 'signed out': 400 };
