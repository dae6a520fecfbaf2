import { request } from 'node:http';
import type Provider from 'oidc-provider';
import { afterEach, beforeAll, expect, test, vi } from 'vitest';
import { OIDC_PROVIDER } from '../../../src/reference-op/op/op.options.js';
import { Browser, formTo } from '../../support/browser.js';
import { describeEachServer } from '../../support/databases.js';
import { basic } from '../../support/operator.js';
import { alice, demoApp } from '../../support/people.js';
import { RelyingParty } from '../../support/relying-party.js';
import { serverFixture } from '../../support/server.js';
import { typePassword } from '../../support/sign-in.js';

type Model = { prototype: { save: (...args: unknown[]) => Promise<string> } };

/** A form that somebody sends, and where the request is when they hang up. */
interface Sent {
  url: URL;
  headers: Record<string, string>;
  body: URLSearchParams;
  /** What the server saves. */
  saves: Model;
}

describeEachServer('clients that hang up', (database) => {
  const server = serverFixture(database);
  let app: RelyingParty;
  let provider: Provider;

  beforeAll(async () => {
    app = await RelyingParty.discover(server);
    provider = server.app.get<Provider>(OIDC_PROVIDER, { strict: false });
  });
  afterEach(() => vi.restoreAllMocks());

  const cookieOf = (browser: Browser, url: URL) => browser.jar.getCookieString(url.href);

  const forms: Record<string, () => Promise<Sent>> = {
    'a sign-in': async () => {
      const browser = new Browser(server.url);
      const page = await browser.open((await app.request()).url);
      const { action, fields } = formTo(page, '/login')!;
      const url = new URL(action, page.url);
      const body = new URLSearchParams({ ...fields, identifier: alice.uid, password: alice.password });
      return { url, headers: { cookie: await cookieOf(browser, url) }, body, saves: provider.Interaction as never };
    },
    'a consent': async () => {
      const browser = new Browser(server.url);
      const login = await browser.open((await app.request()).url);
      const page = await typePassword(browser, login, alice);
      const { action, fields } = formTo(page, '/consent')!;
      const url = new URL(action, page.url);
      const headers = { cookie: await cookieOf(browser, url) };
      return { url, headers, body: new URLSearchParams(fields), saves: provider.Grant as never };
    },
    'a refresh': async () => {
      const { refresh_token } = await app.signIn(new Browser(server.url), alice);
      const body = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: refresh_token! });
      const headers = { authorization: basic(demoApp.clientId, demoApp.secret) };
      return { url: new URL('/token', server.url), headers, body, saves: provider.AccessToken as never };
    },
  };

  test.each(Object.keys(forms))('%s whose client hangs up before something is saved logs no error', async (name) => {
    const { url, headers, body, saves } = await forms[name]!();
    const { save } = saves.prototype;
    let outcome: Promise<unknown> | undefined;
    const client = request(url, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded' },
      agent: false,
    });
    client.on('error', () => {});
    const lines = server.log.lines.length;
    const logged = () => server.log.lines.slice(lines);
    const aborted = () => logged().some(({ message }) => message.endsWith(' aborted'));
    vi.spyOn(saves.prototype, 'save').mockImplementation(async function (this: unknown, ...args: unknown[]) {
      client.destroy();
      await vi.waitFor(() => expect(aborted()).toBe(true));
      outcome = save.apply(this as never, args).catch((error: unknown) => error);
      const error = await outcome;
      if (error instanceof Error) throw error;
      return error as string;
    });
    client.end(body.toString());
    await vi.waitFor(() => expect(outcome).toBeDefined(), 20_000);
    expect(await outcome).toMatchObject({ message: 'request_aborted', status: 400 });
    await new Promise((resolve) => setTimeout(resolve, 50)); // for a line of the log that would be wrong
    const errors = logged().filter((line) => line['log.level'] === 'error');
    expect(errors).toEqual([]);
  });
});
