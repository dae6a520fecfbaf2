import { randomUUID } from 'node:crypto';
import type Provider from 'oidc-provider';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AuditEvent } from '../../src/module/audit/audit-event.js';
import { AuditEvents, Revocation } from '../../src/module/index.js';
import { inheritEpoch, runInEpochContext, type UpstreamSession } from '../../src/module/oidc-provider/index.js';
import { OIDC_PROVIDER } from '../../src/reference-op/op/op.options.js';
import { AccountsService } from '../../src/reference-op/op/accounts.service.js';
import { Signer } from '../module/caller/signer.js';
import { Browser } from '../support/browser.js';
import { describeEachServer } from '../support/databases.js';
import { alice, bob } from '../support/people.js';
import { oauthError, RelyingParty, type Tokens } from '../support/relying-party.js';
import { startServer, type TestServer } from '../support/server.js';
import { walkThrough } from '../support/sign-in.js';
import { overrideUsers } from '../support/users.js';

const IDP = 'https://login.example.com';
const OTHER = 'https://other.example.com';
const OF_TENANT = 'https://tenant.example.com';
const CLIENT = 'our-client';
const EVENT = 'http://schemas.openid.net/event/backchannel-logout';

describeEachServer('OpenID.Back-Channel §2.4, §2.7: logout of one session at an identity provider', (database) => {
  let server: TestServer;
  let party: RelyingParty;
  let idp: Signer;
  /** Where the next sign-in takes place. */
  let upstream: UpstreamSession | undefined;
  const events: AuditEvent[] = [];

  beforeAll(async () => {
    idp = await Signer.create();
    const sender = { keys: { jwks: idp.jwks }, logoutClientId: CLIENT, logoutEnds: 'session' };
    const identityProviders = [
      { id: 'idp', issuers: [IDP], ...sender },
      { id: 'other', issuers: [OTHER], ...sender },
      { id: 'tenant', issuers: [OF_TENANT], ...sender, restrictions: { tenant: alice.department } },
    ];
    const issuers = [IDP, OTHER, OF_TENANT];
    server = await startServer(database, {
      env: { GTR_IDENTITY_PROVIDERS: JSON.stringify(identityProviders) },
      override: (builder) =>
        overrideUsers(builder, {
          tenant: 'department',
          iss_sub: Object.fromEntries(issuers.map((issuer) => [issuer, 'phone'])),
        }),
    });
    party = await RelyingParty.discover(server);
    server.app.get(AuditEvents, { strict: false }).subscribe((event) => events.push(event));
    // A host whose people sign in at the identity provider says so where it checks the sign-in.
    const accounts = server.app.get(AccountsService, { strict: false });
    const signIn = accounts.signIn.bind(accounts);
    accounts.signIn = async (...given) => {
      const id = await signIn(...given);
      if (id !== undefined) inheritEpoch(id, Number.MAX_SAFE_INTEGER, upstream);
      return id;
    };
  });
  afterAll(() => server.stop());

  /** A sign-in in a browser of its own. */
  const signIn = async (sid?: string, { issuer = IDP, person = alice } = {}) => {
    upstream = sid === undefined ? undefined : { issuer, sid };
    const browser = new Browser(server.url);
    return { browser, tokens: await party.signIn(browser, person) };
  };
  const logoutToken = (more: Record<string, unknown>): Promise<string> => {
    const now = Math.floor(Date.now() / 1000);
    const claims = { iss: IDP, aud: CLIENT, jti: randomUUID(), iat: now, exp: now + 120, events: { [EVENT]: {} } };
    return idp.sign({ ...claims, ...more }, { typ: 'logout+jwt' });
  };
  const send = async (token: string): Promise<[number, unknown]> => {
    const body = new URLSearchParams({ logout_token: token });
    const answer = await fetch(`${server.url}/upstream-logout`, { method: 'POST', body });
    return [answer.status, await answer.text()];
  };
  const logOut = async (more: Record<string, unknown>): Promise<void> =>
    expect(await send(await logoutToken(more))).toEqual([200, '']);
  /** What a sign-in is still good for. */
  const state = async ({ browser, tokens }: { browser: Browser; tokens: Tokens }) => ({
    session: (await party.silently(browser)).url.searchParams.get('error'),
    access: (await party.introspect(tokens.access_token)).active,
    refresh: await oauthError(party.refresh(tokens.refresh_token!)),
  });
  const live = { session: null, access: true, refresh: undefined };
  const ended = { session: 'login_required', access: false, refresh: 'invalid_grant' };

  test('ends the session, its grant and its tokens, and nothing else of the user', async () => {
    const sid = randomUUID();
    const [left, stays, local] = [await signIn(sid), await signIn(randomUUID()), await signIn()];
    await logOut({ sid });
    expect([await state(left), await state(stays), await state(local)]).toEqual([ended, live, live]);
    expect(await server.dataSource.manager.count(Revocation)).toBe(0);
  });

  test('ends what was issued since: from a refresh, and silently to another client', async () => {
    const sid = randomUUID();
    const { browser, tokens } = await signIn(sid);
    const refreshed = await party.refresh(tokens.refresh_token!);
    const { url, verifier, state: sent } = await party.request({ prompt: 'none', scope: 'openid' });
    const silent = await party.redeem({ url, verifier, state: sent }, await browser.open(url));
    await logOut({ sid });
    for (const { access_token: token } of [refreshed, silent]) {
      expect((await party.introspect(token)).active).toBe(false);
    }
    expect(await oauthError(party.refresh(refreshed.refresh_token!))).toBe('invalid_grant');
  });

  test('ends what a refresh in flight has created', async () => {
    const sid = randomUUID();
    const { tokens } = await signIn(sid);
    const provider = server.app.get<Provider>(OIDC_PROVIDER);
    const created = await runInEpochContext(async () => {
      const { accountId, client, grantId, scope } = (await provider.RefreshToken.find(tokens.refresh_token!))!;
      await logOut({ sid });
      const token = { accountId, client, grantId, scope, gty: 'refresh_token', expiresWithSession: false };
      return new provider.AccessToken(token as never).save();
    });
    expect((await party.introspect(created)).active).toBe(false);
    expect(await provider.AccessToken.find(created)).toBeUndefined();
  });

  test('ends a sign-in that is finished only after the logout', async () => {
    const sid = randomUUID();
    await logOut({ sid });
    upstream = { issuer: IDP, sid };
    const browser = new Browser(server.url);
    await expect(party.signIn(browser, alice)).rejects.toThrow('invalid response');
    expect((await party.silently(browser)).url.searchParams.get('error')).toBe('login_required');
    expect(await state(await signIn(randomUUID()))).toEqual(live);
  });

  test('a new sign-in in the same browser belongs to its own session', async () => {
    const [first, second] = [randomUUID(), randomUUID()];
    const { browser } = await signIn(first);
    upstream = { issuer: IDP, sid: second };
    const again = await party.request({ prompt: 'login consent' });
    const page = await browser.open(again.url);
    const tokens = await party.redeem(again, await walkThrough(browser, page, alice));
    await logOut({ sid: first });
    expect((await party.silently(browser)).url.searchParams.get('error')).toBeNull();
    await logOut({ sid: second });
    expect(await state({ browser, tokens })).toEqual(ended);
  });

  test('an approval from before a new sign-in leaves the session to the new one', async () => {
    const [first, second] = [randomUUID(), randomUUID()];
    const { browser } = await signIn(first);
    const left = await party.request({ prompt: 'consent' });
    const page = await browser.open(left.url);
    upstream = { issuer: IDP, sid: second };
    const again = await party.request({ prompt: 'login' });
    await party.redeem(again, await walkThrough(browser, await browser.open(again.url), alice));
    const tokens = await party.redeem(left, await walkThrough(browser, page, alice));
    await logOut({ sid: second });
    expect(await state({ browser, tokens })).toEqual(ended);
  });

  describe('does not end', () => {
    test('the session of another issuer with the same sid', async () => {
      const sid = randomUUID();
      const [own, others] = [await signIn(sid), await signIn(sid, { issuer: OTHER })];
      await logOut({ sid });
      expect([await state(own), await state(others)]).toEqual([ended, live]);
    });

    test('the session of another user than sub', async () => {
      const sid = randomUUID();
      const [alices, bobs] = [await signIn(sid), await signIn(sid, { person: bob })];
      await logOut({ sid, sub: bob.phone });
      expect([await state(alices), await state(bobs)]).toEqual([live, ended]);
    });

    test('anything if sub is unknown here, with the same answer', async () => {
      const sid = randomUUID();
      const session = await signIn(sid);
      await logOut({ sid, sub: 'nobody' });
      expect(await state(session)).toEqual(live);
    });
  });

  test('without sid, sub ends everything of the user', async () => {
    const [one, two] = [await signIn(randomUUID()), await signIn()];
    await logOut({ sub: alice.phone });
    expect([await state(one), await state(two)]).toEqual([ended, ended]);
  });

  test.each([
    ['neither sid nor sub', {}],
    ['only a sid, from an identity provider of one tenant', { iss: OF_TENANT, sid: 'a' }],
    ['an empty sid', { sid: '' }],
    ['a sid that is not text', { sid: 7, sub: alice.phone }],
  ])('answers 400 for %s', async (_title, more) => {
    const [status, body] = await send(await logoutToken(more));
    expect([status, JSON.parse(String(body))]).toEqual([
      400,
      { error: 'invalid_request', error_description: expect.any(String) },
    ]);
  });

  test('the same token again is answered 200, another with its jti 400', async () => {
    const [sid, jti] = [randomUUID(), randomUUID()];
    const session = await signIn(sid);
    const token = await logoutToken({ sid: randomUUID(), jti });
    const other = await logoutToken({ sid, jti });
    expect([await send(token), await send(token), (await send(other))[0]]).toEqual([[200, ''], [200, ''], 400]); // prettier-ignore
    expect(await state(session)).toEqual(live);
  });

  test('one event says what has ended, without sid and user', async () => {
    const sid = randomUUID();
    events.length = 0;
    await logOut({ sid });
    const own = (): AuditEvent[] => events.filter((event) => event['event.action'] !== 'revoked-credential-used');
    await expect.poll(own).toMatchObject([
      {
        message: 'upstream session ended',
        'event.action': 'session-logout-request',
        'event.outcome': 'success',
        'user.id': 'idp',
        'gtr.method': 'logout+jwt',
        'http.response.status_code': 200,
      },
    ]);
    expect(JSON.stringify(own())).not.toContain(sid);
  });
});
