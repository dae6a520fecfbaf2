import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import * as oidc from 'openid-client';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { Browser } from '../support/browser.js';
import { describeEachServer } from '../support/databases.js';
import { API, JwtApi, jwtSettings } from '../support/jwt-api.js';
import { revokePerson } from '../support/operator.js';
import { alice, bob, type Person } from '../support/people.js';
import { RelyingParty } from '../support/relying-party.js';
import { startServer, type TestServer } from '../support/server.js';
import { walkThrough } from '../support/sign-in.js';

interface Claims {
  status: { status_list: { idx: number; uri: string } };
}

describeEachServer('JWT access tokens of two nodes', (database) => {
  let nodes: [TestServer, TestServer];
  let app: RelyingParty;
  let api: JwtApi;

  beforeAll(async () => {
    const dataDir = await mkdtemp(join(inject('tempDir'), 'keys-'));
    const env = jwtSettings;
    const first = await startServer(database, { dataDir, env });
    const { databaseUrl, url: issuer } = first;
    nodes = [first, await startServer(database, { dataDir, databaseUrl, env: { ...env, ISSUER: issuer } })];
    app = await RelyingParty.discover(first);
    api = new JwtApi(issuer);
  });
  afterAll(async () => {
    for (const node of nodes.toReversed()) await node.stop();
  });

  const signIn = async (person: Person): Promise<oidc.TokenEndpointResponse> => {
    const { url, verifier, state } = await app.request({ resource: API });
    const browser = new Browser(nodes[0].url);
    const page = await walkThrough(browser, await browser.open(url), person);
    const checks = { pkceCodeVerifier: verifier, expectedState: state };
    return oidc.authorizationCodeGrant(app.config, page.url, checks, { resource: API });
  };

  const call = (token: string): Promise<string | undefined> => api.call(token);

  /** The bit of a token in the list of a node. */
  const bitAt = async ({ local }: TestServer, token: string): Promise<number> => {
    const { idx, uri } = decodeJwt<Claims>(token).status.status_list;
    const response = await fetch(`${local}${new URL(uri).pathname}`);
    const { status_list: list } = decodeJwt<{ status_list: { lst: string } }>(await response.text());
    const bytes = inflateSync(Buffer.from(list.lst, 'base64url'));
    return (bytes[idx >> 3]! >> (idx & 7)) & 1;
  };

  test('an API accepts them, and rejects them soon after a revocation on another node', async () => {
    const [hers, his] = [await signIn(alice), await signIn(bob)];
    const [token, other] = [hers.access_token, his.access_token];
    expect([decodeProtectedHeader(token).typ, decodeJwt(token).aud]).toEqual(['at+jwt', API]);
    expect([await call(token), await call(other)]).toEqual([alice.id, bob.id]);
    expect(await Promise.all(nodes.map((node) => bitAt(node, token)))).toEqual([0, 0]);

    await revokePerson(nodes[1], alice);
    await expect.poll(() => call(token), { timeout: 30_000 }).toBe('invalidToken');
    for (const node of nodes) await expect.poll(() => bitAt(node, token), { timeout: 30_000 }).toBe(1);
    expect([await call(other), await bitAt(nodes[1], other)]).toEqual([bob.id, 0]);

    const again = await signIn(alice);
    expect(await call(again.access_token)).toBe(alice.id);
    expect(decodeJwt<Claims>(again.access_token).status).not.toEqual(decodeJwt<Claims>(token).status);
  });

  test('tokens from a refresh refer to the same index', async () => {
    const { access_token: token, refresh_token: refresh } = await signIn(bob);
    const refreshed = await oidc.refreshTokenGrant(app.config, refresh!, { resource: API });
    expect(decodeJwt<Claims>(refreshed.access_token).status).toEqual(decodeJwt<Claims>(token).status);
    expect(await call(refreshed.access_token)).toBe(bob.id);
  });

  test('metadata name the lists; another resource is refused, and without one tokens are opaque', async () => {
    const metadata = app.config.serverMetadata() as { status_list_aggregation_endpoint?: string };
    expect(metadata.status_list_aggregation_endpoint).toBe(`${nodes[0].url}/status-lists`);
    const { url } = await app.request({ resource: 'https://other.example.com' });
    const { url: back } = await new Browser(nodes[0].url).open(url);
    expect(back.searchParams.get('error')).toBe('invalid_target');
    expect((await app.signIn(new Browser(nodes[0].url), bob)).access_token).not.toContain('.');
  });
});
