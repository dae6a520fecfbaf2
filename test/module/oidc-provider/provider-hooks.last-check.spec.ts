import { randomUUID } from 'node:crypto';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { sha256Hex } from '../../../src/module/database/digest.js';
import { EndedSessions } from '../../../src/module/inbound-logout/ended-sessions.js';
import { inheritEpoch, type UpstreamSession } from '../../../src/module/oidc-provider/index.js';
import { type OidcAdapters, oidcAdapters } from '../../../src/module/oidc-provider/oidc-adapters.js';
import { OidcRecordAdapter } from '../../../src/module/oidc-provider/oidc-record.adapter.js';
import { RevocationService } from '../../../src/module/revocation/revocation.service.js';
import { AccountsService } from '../../../src/reference-op/op/accounts.service.js';
import { statementsOf } from '../../bench/statements.js';
import { withAdapters } from '../../support/adapters.js';
import { Browser } from '../../support/browser.js';
import { describeEachDatabase } from '../../support/databases.js';
import { alice } from '../../support/people.js';
import { oauthError, RelyingParty, type Tokens } from '../../support/relying-party.js';
import { serverFixture } from '../../support/server.js';

describeEachDatabase('OpenID Connect Core 1.0 §3.1.2.6: a revocation during an answer', (database) => {
  const server = serverFixture(database, {
    override: withAdapters((options) => hybrid(oidcAdapters(options, Overtaken))),
  });
  let app: RelyingParty;
  let calls = 0;
  let endAfter = Infinity;
  /** Where sign-ins take place. */
  let upstream: UpstreamSession | undefined;

  const revoke = (): Promise<unknown> =>
    server.app.get(RevocationService, { strict: false }).revoke(alice.id, { actor: 'test' });
  const logOut = (): Promise<unknown> => {
    const assertion = { issuer: 'test', jti: randomUUID(), expiresAt: Date.now() + 60_000, bodyHash: sha256Hex('') };
    const ending = { session: upstream!, endedBy: 'test', assertion };
    return server.app.get(EndedSessions, { strict: false }).end(ending);
  };
  let end = revoke;

  /** The real adapter; after a chosen call alice's sign-in ends. */
  class Overtaken extends OidcRecordAdapter {
    override find = (id: string) => this.overtake(super.find(id));
    override upsert: OidcRecordAdapter['upsert'] = (...call) => this.overtake(super.upsert(...call));
    override consume = (id: string) => this.overtake(super.consume(id));

    private async overtake<T>(call: Promise<T>): Promise<T> {
      const result = await call;
      calls += 1;
      if (calls === endAfter) await end();
      return result;
    }
  }

  beforeAll(async () => {
    app = await RelyingParty.discover(server);
    const accounts = server.app.get(AccountsService, { strict: false });
    const check = accounts.signIn.bind(accounts);
    accounts.signIn = async (...given) => {
      const id = await check(...given);
      if (id !== undefined) inheritEpoch(id, Number.MAX_SAFE_INTEGER, upstream);
      return id;
    };
  });

  /** The demo application, while it uses another flow, which needs https. */
  let isHybrid = false;
  const redirect_uri = 'https://app.example.com/callback';
  const hybrid = (adapters: OidcAdapters): OidcAdapters => {
    const more = {
      response_types: ['code id_token', 'id_token'],
      grant_types: ['authorization_code', 'implicit'],
      redirect_uris: [redirect_uri],
      post_logout_redirect_uris: [],
    };
    return (model) => {
      const adapter = adapters(model);
      if (model !== 'Client') return adapter;
      const find = adapter.find.bind(adapter);
      return Object.assign(adapter, { find: async (id: string) => ({ ...(await find(id)), ...(isHybrid && more) }) });
    };
  };

  const signIn = (): Promise<Tokens> => app.signIn(new Browser(server.url), alice);

  /** The answer when alice's sign-in ends after the last adapter call that the request makes, or so many before it. */
  async function overtaken<T>(request: (tokens: Tokens) => Promise<T>, before = 0): Promise<T> {
    const [first, second] = [await signIn(), await signIn()];
    calls = 0;
    await request(first);
    const all = calls;
    [calls, endAfter] = [0, all - before];
    try {
      return await request(second);
    } finally {
      expect(calls, 'the request took another way than before').toBe(all);
      endAfter = Infinity;
    }
  }

  test('introspection returns inactive after a revocation between token and grant', async () => {
    expect(await overtaken(({ access_token: token }) => app.introspect(token), 1)).toEqual({ active: false });
  });

  test('userinfo returns 401 invalid_token after a revocation following the last look-up', async () => {
    const answer = await overtaken(({ access_token: token }) => app.userinfo(token));
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer .*error="invalid_token"/);
    expect(await answer.json()).toMatchObject({ error: 'invalid_token' });
  });

  /** What an application reads from the answer: the parameters in the fragment or in the form. */
  async function answer(browser: Browser, more: { response_type: string; response_mode: string }) {
    const { url, state } = await app.request({ prompt: 'none', scope: 'openid', nonce: 'n', redirect_uri, ...more });
    isHybrid = true;
    const { url: at, text } = await browser.open(url).finally(() => (isHybrid = false));
    const fields = [...text.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)"/g)].map((each) =>
      each.slice(1),
    );
    const given = more.response_mode === 'fragment' ? new URLSearchParams(at.hash.slice(1)) : fields;
    const read = Object.fromEntries(given as string[][]) as Record<string, string>;
    expect(read['state']).toBe(state);
    return read;
  }

  describe.each(['code id_token', 'id_token'])('response_type %s', (response_type) => {
    test.each(['fragment', 'form_post'])(
      'no ID token leaves in %s, wherever in the request the revocation comes',
      async (response_mode) => {
        const mode = { response_type, response_mode };
        const first = new Browser(server.url);
        await app.signIn(first, alice);
        calls = 0;
        expect(await answer(first, mode)).toHaveProperty('id_token');
        const all = calls;
        expect(all).toBeGreaterThan(1);
        const errors: string[] = [];
        for (let at = 1; at <= all; at += 1) {
          const browser = new Browser(server.url);
          await app.signIn(browser, alice);
          [calls, endAfter] = [0, at];
          const read = await answer(browser, mode).finally(() => (endAfter = Infinity));
          expect(read, `after call ${at} of ${all}`).not.toHaveProperty('id_token');
          expect(read, `after call ${at} of ${all}`).not.toHaveProperty('code');
          expect(read).toMatchObject({
            error: expect.stringMatching(/^(login|consent)_required$/) as string,
            iss: server.url,
          });
          errors.push(read['error_description']!);
        }
        expect(errors.at(-1)).toBe('the sign-in has ended');
      },
    );
  });

  test('refresh returns invalid_grant and no token after a revocation following the last write', async () => {
    expect(await overtaken((tokens) => oauthError(app.refresh(tokens.refresh_token!)))).toBe('invalid_grant');
  });

  describe('OpenID.Back-Channel §2.7: a logout of the session at the identity provider during an answer', () => {
    beforeEach(() => {
      upstream = { issuer: 'https://login.example.com', sid: randomUUID() };
      end = logOut;
    });
    afterEach(() => {
      upstream = undefined;
      end = revoke;
    });

    test('no claims leave', async () => {
      expect((await overtaken(({ access_token: token }) => app.userinfo(token))).status).toBe(401);
    });

    test('no refreshed token leaves', async () => {
      expect(await overtaken((tokens) => oauthError(app.refresh(tokens.refresh_token!)))).toBe('invalid_grant');
    });

    test('no ID token leaves', async () => {
      const [first, second] = [new Browser(server.url), new Browser(server.url)];
      for (const browser of [first, second]) await app.signIn(browser, alice);
      const mode = { response_type: 'id_token', response_mode: 'fragment' };
      calls = 0;
      expect(await answer(first, mode)).toHaveProperty('id_token');
      [calls, endAfter] = [0, calls];
      const read = await answer(second, mode).finally(() => (endAfter = Infinity));
      expect(read).toMatchObject({ error: 'login_required' });
      expect(read).not.toHaveProperty('id_token');
    });

    test('the last look costs a statement only where there is such a session', async () => {
      const ended = /gtr_ended_session s WHERE s.upstream_hash = [?$]/;
      const statementsWith = async (): Promise<number> => {
        const { access_token: token } = await signIn();
        const statements = await statementsOf(server.dataSource, () => app.userinfo(token));
        return statements.filter((sql) => ended.test(sql)).length;
      };
      expect(await statementsWith()).toBe(1);
      upstream = undefined;
      expect(await statementsWith()).toBe(0);
    });
  });
});
