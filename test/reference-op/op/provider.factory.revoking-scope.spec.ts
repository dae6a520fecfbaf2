import { beforeAll, expect, test } from 'vitest';
import { Client } from '../../../src/module/caller/clients/client.entity.js';
import { sha256Hex } from '../../../src/module/database/digest.js';
import { Browser, formTo } from '../../support/browser.js';
import { describeEachDatabase } from '../../support/databases.js';
import { basic } from '../../support/operator.js';
import { alice, callback, demoApp, demoDevice } from '../../support/people.js';
import { oauthError, RelyingParty } from '../../support/relying-party.js';
import { serverFixture } from '../../support/server.js';
import { walkThrough } from '../../support/sign-in.js';

/** A client that is registered for everything, and for the scope that revokes people. */
const greedy = { clientId: 'greedy', secret: '5c'.repeat(32) };
const scope = 'openid global_token_revocation';
const deviceGrant = 'urn:ietf:params:oauth:grant-type:device_code';

describeEachDatabase('the scope for revocation in requests of users', (database) => {
  const server = serverFixture(database);
  let app: RelyingParty;

  beforeAll(async () => {
    await server.dataSource.manager.insert(Client, {
      clientId: greedy.clientId,
      clientIdHash: sha256Hex(greedy.clientId),
      secretHash: sha256Hex(greedy.secret),
      scope: `${scope} offline_access`,
      enabled: 1,
      demo: 0,
      metadata: {
        redirect_uris: [callback],
        grant_types: ['authorization_code', 'refresh_token', 'client_credentials', deviceGrant],
        response_types: ['code'],
      },
    } as never);
    app = await RelyingParty.discover(server, greedy);
  });

  const post = (path: string, body: Record<string, string>, client: { clientId: string; secret: string } = greedy) =>
    fetch(`${server.url}${path}`, {
      method: 'POST',
      headers: { authorization: basic(client.clientId, client.secret) },
      body: new URLSearchParams(body),
    });

  /** Where a person who signs in and allows everything ends up. */
  const errorAfter = async (url: URL): Promise<string | null> => {
    const browser = new Browser(server.url);
    const end = await walkThrough(browser, await browser.open(url), alice);
    expect(end.url.searchParams.get('code')).toBeNull();
    return end.url.searchParams.get('error');
  };

  test('the authorization endpoint returns invalid_scope to a client without the scope', async () => {
    const other = await RelyingParty.discover(server, demoApp);
    expect(await errorAfter((await other.request({ scope })).url)).toBe('invalid_scope');
  });

  test('the authorization endpoint returns invalid_scope to a client with the scope', async () => {
    expect(await errorAfter((await app.request({ scope })).url)).toBe('invalid_scope');
  });

  test('a silent request with a session returns invalid_scope', async () => {
    const browser = new Browser(server.url);
    await app.signIn(browser, alice, { scope: 'openid' });
    const { url } = await browser.open((await app.request({ scope, prompt: 'none' })).url);
    expect(url.searchParams.get('error')).toBe('invalid_scope');
  });

  test('a pushed request is rejected at once or at the sign-in', async () => {
    const request = Object.fromEntries((await app.request({ scope })).url.searchParams);
    const pushed = await post('/request', request);
    const { request_uri, error } = (await pushed.json()) as { request_uri?: string; error?: string };
    if (request_uri === undefined) return expect(error).toBe('invalid_scope');
    const query = new URLSearchParams({ client_id: greedy.clientId, request_uri });
    expect(await errorAfter(new URL(`/auth?${query}`, server.url))).toBe('invalid_scope');
  });

  test.each([
    ['without', demoDevice],
    ['with', greedy],
  ])('the device flow gives nothing to a client %s the scope', async (_how, client) => {
    const started = await post('/device/auth', { scope }, client);
    const { user_code, device_code = '', error } = (await started.json()) as Record<string, string>;
    if (user_code === undefined) return expect(error).toBe('invalid_scope');
    const browser = new Browser(server.url);
    const input = await browser.open('/device');
    const confirm = await browser.submit(input, formTo(input, '/device'), { user_code });
    const login = await browser.submit(confirm, formTo(confirm, '/device'), { confirm: 'yes' });
    const end = await walkThrough(browser, login, alice);
    expect(end.text).not.toContain('Device connected');
    const poll = await post('/token', { grant_type: deviceGrant, device_code }, client);
    expect(await poll.json()).toMatchObject({ error: 'invalid_scope' });
  });

  test('a refresh that adds the scope is rejected', async () => {
    const { refresh_token } = await app.signIn(new Browser(server.url), alice, { scope: 'openid offline_access' });
    const answer = await post('/token', { grant_type: 'refresh_token', refresh_token: refresh_token!, scope });
    expect(await answer.json()).toMatchObject({ error: 'invalid_scope' });
    expect(await oauthError(app.refresh(refresh_token!))).toBeUndefined();
  });

  test('a client gets the scope for itself', async () => {
    const answer = await post('/token', { grant_type: 'client_credentials', scope: 'global_token_revocation' });
    expect(await answer.json()).toMatchObject({ scope: 'global_token_revocation' });
  });
});
