import { expect, test } from 'vitest';
import { Client } from '../../src/module/caller/clients/client.entity.js';
import { sha256Hex } from '../../src/module/database/digest.js';
import { challenges } from '../module/endpoint/send.js';
import { Browser } from '../support/browser.js';
import { describeEachServer } from '../support/databases.js';
import { basic, revoke } from '../support/operator.js';
import { alice, bob, demoApp, demoNoScope, demoOperator } from '../support/people.js';
import { RelyingParty } from '../support/relying-party.js';
import { serverFixture } from '../support/server.js';

const bobs = { format: 'uid', id: bob.uid };

describeEachServer('RFC 6750 §2, §2.1, §2.3, §3, §3.1, RFC 6749 §4.4: access tokens as callers', (database) => {
  const server = serverFixture(database);

  async function tokenOf({ clientId, secret }: { clientId: string; secret: string }, scope?: string): Promise<string> {
    const response = await fetch(`${server.url}/token`, {
      method: 'POST',
      headers: { authorization: basic(clientId, secret) },
      body: new URLSearchParams({ grant_type: 'client_credentials', ...(scope && { scope }) }),
    });
    return ((await response.json()) as { access_token: string }).access_token;
  }

  const revokeWith = (token: string, headers = {}) =>
    revoke(server, bobs, { authorization: `Bearer ${token}`, ...headers });

  test('a token of a client with the scope gets 204, and the record names client and method', async () => {
    expect((await revokeWith(await tokenOf(demoOperator, 'global_token_revocation'))).status).toBe(204);
    const [record] = await server.dataSource.query<object[]>('SELECT * FROM gtr_revocation ORDER BY created_at DESC');
    expect(record).toMatchObject({ actor: 'demo-operator', method: 'Bearer', format: 'uid' });
  });

  test('a token without the requested scope gets 403 although its client is registered for it', async () => {
    const response = await revokeWith(await tokenOf(demoOperator));
    expect(response.status).toBe(403);
    expect(response.headers.get('www-authenticate')).toBe(
      'Bearer error="insufficient_scope", scope="global_token_revocation"',
    );
  });

  test('a token of a client without the scope gets 403', async () => {
    expect((await revokeWith(await tokenOf(demoNoScope, 'openid'))).status).toBe(403);
  });

  test('a token of a user gets 403 whatever its scope', async () => {
    const app = await RelyingParty.discover(server);
    const { access_token } = await app.signIn(new Browser(server.url), alice);
    expect((await revokeWith(access_token)).status).toBe(403);
  });

  test('a token of a revoked user gets 401 invalid_token', async () => {
    const app = await RelyingParty.discover(server);
    const { access_token } = await app.signIn(new Browser(server.url), alice);
    await revoke(server, { format: 'uid', id: alice.uid });
    const response = await revokeWith(access_token);
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ error: 'invalid_token' });
  });

  test.each(['junk', 'a b', '', 'a.b.c'])('the token %j gets 401 with a challenge for each scheme', async (token) => {
    const response = await revokeWith(token);
    expect(response.status).toBe(401);
    const challenges = response.headers.get('www-authenticate');
    expect(challenges).toContain(`Basic realm="${server.url}", charset="UTF-8"`);
    expect(challenges).toContain(`Bearer realm="${server.url}"`);
  });

  test('missing credentials get challenges without an error attribute', async () => {
    const response = await fetch(server.endpoint, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    });
    expect(response.headers.get('www-authenticate')).toBe(challenges(server.url));
  });

  test('a token of a client that was disabled later gets 401', async () => {
    const token = await tokenOf(demoOperator, 'global_token_revocation');
    const clients = server.dataSource.getRepository(Client);
    const key = { clientIdHash: sha256Hex(demoOperator.clientId) };
    await clients.update(key, { enabled: 0 });
    expect((await revokeWith(token)).status).toBe(401);
    await clients.update(key, { enabled: 1 });
    expect((await revokeWith(token)).status).toBe(204);
  });

  test('a token in the header and another in the query get 400', async () => {
    const token = await tokenOf(demoOperator, 'global_token_revocation');
    const there = { endpoint: `${server.endpoint}?access_token=${token}` };
    const response = await revoke(there, bobs, { authorization: `Bearer ${token}` });
    expect(response.status).toBe(400);
  });

  test('the authorization endpoint refuses the scope and gives no code', async () => {
    const app = await RelyingParty.discover(server, demoApp);
    const { url } = await app.request({ scope: 'openid global_token_revocation' });
    const page = await new Browser(server.url).open(url);
    expect(page.url.searchParams.get('error')).toBe('invalid_scope');
  });

  test('the metadata names Bearer', async () => {
    const metadata = (await (await fetch(`${server.url}/.well-known/openid-configuration`)).json()) as object;
    expect(metadata).toMatchObject({
      global_token_revocation_endpoint_auth_methods_supported: [
        'client_secret_basic',
        'private_key_jwt',
        'Bearer',
        'DPoP',
      ],
    });
  });
});
