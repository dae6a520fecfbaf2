import { getDataSourceToken } from '@nestjs/typeorm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { oidcAdapters } from '../../../src/module/oidc-provider/oidc-adapters.js';
import { OidcRecordAdapter } from '../../../src/module/oidc-provider/oidc-record.adapter.js';
import { ClientRegistry } from '../../../src/module/caller/clients/client-registry.js';
import { DatabaseDeadline } from '../../../src/module/database/deadline.js';
import { OIDC_ADAPTERS, OP_OPTIONS, type OpOptions } from '../../../src/reference-op/op/op.options.js';
import { RevocationService } from '../../../src/module/revocation/revocation.service.js';
import { Browser } from '../../support/browser.js';
import { describeEachDatabase } from '../../support/databases.js';
import { alice } from '../../support/people.js';
import { oauthError, RelyingParty, type Tokens } from '../../support/relying-party.js';
import { startServer, type TestServer } from '../../support/server.js';

describeEachDatabase('a revocation during an answer', (database) => {
  let server: TestServer;
  let app: RelyingParty;
  let calls = 0;
  let revokeAfter = Infinity;

  /** The real adapter; after a chosen call alice is revoked. */
  class Overtaken extends OidcRecordAdapter {
    override find = (id: string) => this.overtake(super.find(id));
    override upsert: OidcRecordAdapter['upsert'] = (...call) => this.overtake(super.upsert(...call));
    override consume = (id: string) => this.overtake(super.consume(id));

    private async overtake<T>(call: Promise<T>): Promise<T> {
      const result = await call;
      calls += 1;
      if (calls === revokeAfter) {
        await server.app.get(RevocationService, { strict: false }).revoke(alice.id, { actor: 'test' });
      }
      return result;
    }
  }

  beforeAll(async () => {
    server = await startServer(database, {
      override: (builder) =>
        builder.overrideProvider(OIDC_ADAPTERS).useFactory({
          factory: ({ storageKey }: OpOptions, dataSource, deadline, clients) =>
            oidcAdapters({ dataSource, deadline, clients, storageKey }, Overtaken),
          inject: [OP_OPTIONS, getDataSourceToken(), DatabaseDeadline, ClientRegistry] as never,
        }),
    });
    app = await RelyingParty.discover(server);
  });
  afterAll(() => server.stop());

  const signIn = (): Promise<Tokens> => app.signIn(new Browser(server.url), alice);

  /** The answer when alice is revoked after the last adapter call that the request makes, or so many before it. */
  async function overtaken<T>(request: (tokens: Tokens) => Promise<T>, before = 0): Promise<T> {
    const [first, second] = [await signIn(), await signIn()];
    calls = 0;
    await request(first);
    const all = calls;
    [calls, revokeAfter] = [0, all - before];
    try {
      return await request(second);
    } finally {
      expect(calls, 'the request took another way than before').toBe(all);
      revokeAfter = Infinity;
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

  test('refresh returns invalid_grant and no token after a revocation following the last write', async () => {
    expect(await overtaken((tokens) => oauthError(app.refresh(tokens.refresh_token!)))).toBe('invalid_grant');
  });
});
