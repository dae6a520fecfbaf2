import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeEachDatabase } from '../support/databases.js';
import type { AuthorizationServer } from '../../src/testing/options.js';
import { startAuthorizationServer, userinfo } from './published.js';

const CALLBACK = 'http://localhost:4200/callback';

describeEachDatabase('startAuthorizationServer', ({ where }) => {
  let server: AuthorizationServer;
  beforeAll(async () => {
    server = await startAuthorizationServer({
      database: where,
      users: [{ uid: 'carol' }, { uid: 'dave', email: 'dave@example.org', password: 'secret of dave' }],
      clients: [
        { client_id: 'web', redirect_uris: [CALLBACK] },
        { client_id: 'spa', token_endpoint_auth_method: 'none', redirect_uris: [CALLBACK], scope: 'openid email' },
        { client_id: 'post', token_endpoint_auth_method: 'client_secret_post', redirect_uris: [CALLBACK] },
      ],
    });
  });
  afterAll(() => server.stop());

  /** Where a browser with these cookies is sent when nobody may be asked. */
  async function silently(cookies: Array<{ name: string; value: string }>): Promise<URLSearchParams> {
    const request = new URLSearchParams({
      ...{ client_id: 'spa', response_type: 'code', scope: 'openid', prompt: 'none', redirect_uri: CALLBACK },
      ...{ code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM', code_challenge_method: 'S256' },
    });
    const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
    const response = await fetch(`${server.issuer}/auth?${request}`, { redirect: 'manual', headers: { cookie } });
    return new URL(response.headers.get('location')!, server.issuer).searchParams;
  }

  test('signIn returns tokens of the first user at the first client, and a session', async () => {
    const { subject, tokens, cookies } = await server.signIn();
    expect(subject).toBe(server.users[0]!.id);
    expect(Object.keys(tokens)).toEqual(expect.arrayContaining(['access_token', 'refresh_token', 'id_token']));
    expect(await userinfo(server, tokens.access_token)).toBe(200);
    expect((await silently(cookies)).get('error')).toBe('consent_required'); // signed in, and new to this client
    expect((await silently([])).get('error')).toBe('login_required');
  });

  test.each(['web', 'spa', 'post'])('signIn at %s returns its tokens', async (client_id) => {
    const { tokens } = await server.signIn('dave', { client_id, scope: 'openid email' });
    expect(tokens.scope).toBe('openid email');
    expect(await userinfo(server, tokens.access_token)).toBe(200);
  });

  test('revoke ends everything of that user and nothing of another', async () => {
    const [carol, dave] = await Promise.all([server.signIn('carol'), server.signIn('dave')]);
    await server.revoke('carol');
    expect(await userinfo(server, carol.tokens.access_token)).toBe(401);
    expect((await silently(carol.cookies)).get('error')).toBe('login_required');
    expect(await userinfo(server, dave.tokens.access_token)).toBe(200);
    await server.revoke({ format: 'email', email: 'dave@example.org' });
    expect(await userinfo(server, dave.tokens.access_token)).toBe(401);
  });

  test('the operator may revoke like any caller', async () => {
    const { client_id, client_secret } = server.operator;
    const response = await fetch(server.endpoint, {
      method: 'POST',
      headers: {
        authorization: `Basic ${Buffer.from(`${client_id}:${client_secret}`).toString('base64')}`,
        'content-type': 'application/json',
      },
      body: '{"sub_id":{"format":"uid","id":"carol"}}',
    });
    expect(response.status).toBe(204);
  });

  test('reset signs everybody out, and everybody can sign in again', async () => {
    const { tokens, cookies } = await server.signIn();
    await server.reset();
    expect(await userinfo(server, tokens.access_token)).toBe(401);
    expect((await silently(cookies)).get('error')).toBe('login_required');
    expect(await userinfo(server, (await server.signIn()).tokens.access_token)).toBe(200);
  });

  test('an unknown name throws an error that lists the known ones', async () => {
    await expect(server.signIn('eve')).rejects.toThrow("unknown user 'eve'; known: carol, dave");
    await expect(server.signIn('dave', { client_id: 'app' })).rejects.toThrow("unknown client 'app'");
    await expect(server.revoke('eve')).rejects.toThrow('404 {"error":"not_found"');
  });

  test('a scope that nobody gets throws an error with the answer of the server', async () => {
    const scope = 'openid global_token_revocation';
    await expect(server.signIn('dave', { scope })).rejects.toThrow(/dave could not sign in.*invalid_scope/s);
  });
});
