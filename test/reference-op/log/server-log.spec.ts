import { Logger } from '@nestjs/common';
import { describe, expect, test } from 'vitest';
import { routes } from '../../../src/reference-op/log/route.js';
import { withoutTable } from '../../module/endpoint/sql-log.js';
import { Browser } from '../../support/browser.js';
import { databases, describeOneServer } from '../../support/databases.js';
import { LogCapture, type LogLine } from '../../support/log-capture.js';
import { revoke } from '../../support/operator.js';
import { alice, demoApp } from '../../support/people.js';
import { oauthError, RelyingParty } from '../../support/relying-party.js';
import { startForTest, startServer, type TestServer } from '../../support/server.js';

let server: TestServer;

describeOneServer('log of the provider', (database) => {
  const lineTo = (route: string): LogLine | undefined =>
    server.log.lines.findLast((line) => line['http.route'] === route);

  test('a sign-in writes a line per request, without IDs, queries or names', async () => {
    server = await startForTest(database);
    const app = await RelyingParty.discover(server);
    await app.signIn(new Browser(server.url), alice);
    await expect
      .poll(() => lineTo('/token'))
      .toMatchObject({
        message: 'POST /token 200',
        'log.level': 'info',
        'event.action': 'http-request',
        'event.outcome': 'success',
        'http.request.id': expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
      });
    const seen = server.log.lines.map((line) => line['http.route']);
    expect(new Set(seen)).toEqual(
      new Set([
        '/.well-known/openid-configuration',
        ...['/auth', '/auth/:id', '/interaction/:id', '/interaction/:id/login', '/interaction/:id/consent', '/token'],
      ]),
    );
  });

  test('a token request with a wrong code is logged with its reason', async () => {
    server = await startForTest(database);
    const app = await RelyingParty.discover(server);
    expect(await oauthError(app.refresh('made-up'))).toBe('invalid_grant');
    await expect
      .poll(() => lineTo('/token'))
      .toMatchObject({
        'log.level': 'info',
        'event.outcome': 'failure',
        'event.reason': 'invalid_grant',
        'http.response.status_code': 400,
      });
    expect(lineTo('/token')).not.toHaveProperty('error.message');
  });

  test('a failing table of the provider is logged as an error with its cause', async () => {
    server = await startForTest(database);
    const app = await RelyingParty.discover(server);
    await withoutTable(server.dataSource, 'gtr_oidc_record', () => app.refresh('made-up').catch(() => {}));
    await expect
      .poll(() => lineTo('/token'))
      .toMatchObject({
        'log.level': 'error',
        'event.reason': 'temporarily_unavailable',
        'error.message': expect.stringContaining('gtr_oidc_record') as string,
        'error.stack_trace': expect.stringContaining('.ts:') as string,
      });
  });
});

test.each([
  ['/interaction/Zx81-secret/login?x=1', '/interaction/:id/login'],
  ['/revoke/everybody', '/revoke/everybody'],
  ['/Alice', '/:id'],
  ['/', '/'],
  ['/auth/', '/auth'],
  [`/${'x/'.repeat(50)}`, `/${':id/'.repeat(7)}:id`],
  ['http://host/token', '/token'],
  ['HTTP://[::1]:8080/%74oken?a=b', '/token'],
  ['/%69nteraction/Zx81-secret/LOGIN', '/interaction/:id/login'],
  ['/revoke/everybody#x', '/revoke/everybody'],
  ['/Revoke/EVERYBODY/', '/revoke/everybody'],
  ['/%2e%2e/%', '/:id/:id'],
])('path %s is logged as %s', (url, shown) => {
  expect(routes('revoke/everybody')(url)).toBe(shown);
});

describe('checks of the log by the test server', () => {
  async function signedIn() {
    const started = await startServer(databases[0]!);
    const app = await RelyingParty.discover(started);
    const browser = new Browser(started.url);
    return { started, app, browser, tokens: await app.signIn(browser, alice) };
  }

  test.each(['access_token', 'refresh_token', 'id_token'] as const)(
    'stop fails when the log contains the %s',
    async (name) => {
      const { started, tokens } = await signedIn();
      new Logger('planted').warn(`got ${tokens[name]}`);
      await expect(started.stop()).rejects.toThrow(`the log shows ${tokens[name]}`);
    },
  );

  test.each([
    ['password', alice.password],
    ['client secret', demoApp.secret],
    ['e-mail address', alice.email],
    ['login name', alice.uid],
    ['account id', alice.id],
  ])('stop fails when the log contains the %s', async (_title, value) => {
    const { started } = await signedIn();
    new Logger('planted').error(new Error(`cannot serve <${value}>`));
    await expect(started.stop()).rejects.toThrow(`the log shows ${value}`);
  });

  test('stop fails when the log contains an identifier that was sent, a cookie or a code', async () => {
    const { started, app, browser } = await signedIn();
    await revoke(started, { format: 'email', email: 'queen.of.hearts@example.com' });
    const cookie = (await browser.jar.getCookies(started.url))[0]!.value;
    const { page } = await app.code(new Browser(started.url), alice);
    const code = page.url.searchParams.get('code')!;
    new Logger('planted').warn({ message: 'x', nested: `queen.of.hearts@example.com ${cookie} ${code}` });
    const { message } = (await started.stop().catch((error: unknown) => error)) as Error;
    for (const planted of ['queen.of.hearts@example.com', cookie, code]) expect(message).toContain(planted);
  });

  test.each([
    ['objects', { http: { request: { body: alice.password } } }],
    ['a list', { list: [{ a: alice.password }] }],
    ['a name', { by: { [alice.password]: 1 } }],
  ])('stop fails when the log contains a password deep in %s', async (_title, fields) => {
    const { started } = await signedIn();
    new Logger('planted').warn({ message: 'x', ...fields });
    await expect(started.stop()).rejects.toThrow(`the log shows ${alice.password}`);
  });

  test('stop fails when a request has no line', async () => {
    const { started } = await signedIn();
    started.log.lines.length -= 1;
    await expect(started.stop()).rejects.toThrow(/requests have \d+ lines/);
  });

  test('a line that is not JSON is an error', () => {
    expect(() => new LogCapture().write('hello')).toThrow('JSON');
  });
});
