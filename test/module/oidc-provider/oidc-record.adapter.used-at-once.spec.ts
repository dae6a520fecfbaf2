import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import type Provider from 'oidc-provider';
import { customFetch } from 'openid-client';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { oidcAdapters } from '../../../src/module/oidc-provider/oidc-adapters.js';
import { OidcRecordAdapter } from '../../../src/module/oidc-provider/oidc-record.adapter.js';
import { OIDC_PROVIDER } from '../../../src/reference-op/op/op.options.js';
import { withAdapters } from '../../support/adapters.js';
import { Browser } from '../../support/browser.js';
import { describeEachDatabase } from '../../support/databases.js';
import { revoke } from '../../support/operator.js';
import { alice } from '../../support/people.js';
import { Device, oauthError, RelyingParty, type Tokens } from '../../support/relying-party.js';
import { startServer, type TestServer } from '../../support/server.js';

/** Rounds in which nothing holds the two uses together. */
const ROUNDS = Number(process.env['RACE_ROUNDS'] ?? 5);

/** Two uses that have both loaded a record before either consumes it. */
class Meeting {
  private readonly uses: Array<Promise<void>> = [];
  private begin!: () => void;
  private readonly begun = new Promise<void>((resolve) => (this.begin = resolve));
  private arrived = 0;

  /** The use that wins goes on when the other one has ended. */
  async consume(use: () => Promise<void>): Promise<void> {
    this.arrived += 1;
    if (this.arrived === 2) this.begin();
    await this.begun;
    const own = use();
    this.uses.push(own);
    await own;
    await Promise.allSettled(this.uses);
  }
}

describeEachDatabase('R9: used twice at the same moment, on two nodes', (database) => {
  const nodes: TestServer[] = [];
  const apps: RelyingParty[] = [];
  const devices: Device[] = [];
  let browser: Browser;
  let meeting: Meeting | undefined;

  class Together extends OidcRecordAdapter {
    override consume(id: string): Promise<void> {
      const use = (): Promise<void> => super.consume(id);
      return meeting ? meeting.consume(use) : use();
    }
  }

  const start = (more: Parameters<typeof startServer>[1]): Promise<TestServer> =>
    startServer(database, {
      override: withAdapters((options) => oidcAdapters(options, Together)),
      ...more,
    });

  beforeAll(async () => {
    const dataDir = await mkdtemp(join(inject('tempDir'), 'keys-'));
    const first = await start({ dataDir });
    const { databaseUrl, url } = first;
    const second = await start({ dataDir, databaseUrl, env: { ISSUER: url } });
    nodes.push(first, second);
    for (const { local } of nodes) {
      const through = (address: string, init: object): Promise<Response> => fetch(address.replace(url, local), init);
      const party = await RelyingParty.discover(first);
      party.config[customFetch] = through;
      apps.push(party);
      devices.push(await Device.discover(first, through));
    }
    browser = new Browser(url);
    await apps[0]!.signIn(browser, alice);
  });
  afterAll(async () => {
    for (const node of nodes.toReversed()) await node.stop();
  });

  /** What may be used once, and what uses it on a node. */
  const kinds: Record<string, () => Promise<(node: number) => Promise<Tokens>>> = {
    'a code': async () => {
      const { request, page } = await apps[0]!.code(browser, alice);
      return (node) => apps[node]!.redeem(request, page);
    },
    'a refresh token': async () => {
      const { request, page } = await apps[0]!.code(browser, alice);
      const { refresh_token: token } = await apps[0]!.redeem(request, page);
      return (node) => apps[node]!.refresh(token!);
    },
    'a device code': async () => {
      const started = await devices[0]!.start();
      await devices[0]!.approve(browser, started, alice);
      return (node) => devices[node]!.poll(started);
    },
  };

  /** Uses it on both nodes at once. @returns the tokens of those that were answered */
  async function useTwice(use: (node: number) => Promise<Tokens>): Promise<Tokens[]> {
    const won: Tokens[] = [];
    const keep = async (node: number): Promise<void> => void won.push(await use(node));
    const outcomes = await Promise.all(nodes.map((_, node) => oauthError(keep(node))));
    expect(outcomes).toContain('invalid_grant');
    return won;
  }

  /** Nothing works any more that the family has brought forth. */
  async function expectDead(party: { refresh: RelyingParty['refresh'] }, tokens: Tokens[]): Promise<void> {
    for (const { access_token: access, refresh_token: refresh } of tokens) {
      expect(await apps[0]!.introspect(access)).toEqual({ active: false });
      expect((await apps[0]!.userinfo(access)).status).toBe(401);
      expect(
        (await revoke(nodes[0]!, { format: 'uid', id: 'bob' }, { authorization: `Bearer ${access}` })).status,
      ).toBe(401);
      expect(await oauthError(party.refresh(refresh!))).toBe('invalid_grant');
    }
  }

  test.each([
    ['a code', 1],
    ['a refresh token', 1],
    ['a device code', 0], // the library looks for the grant after it has consumed the code
  ])('%s loaded by both uses is answered %d times, and the family is revoked', async (kind, answered) => {
    const use = await kinds[kind]!();
    const ended: unknown[] = [];
    const onEnd = (_ctx: unknown, grantId: string): unknown => ended.push(grantId);
    const providers = nodes.map(({ app }) => app.get<Provider>(OIDC_PROVIDER, { strict: false }));
    for (const provider of providers) provider.on('grant.revoked', onEnd);
    meeting = new Meeting();
    const won = await useTwice(use).finally(() => (meeting = undefined));
    for (const provider of providers) provider.off('grant.revoked', onEnd);

    expect(won).toHaveLength(answered);
    expect(ended).toEqual([expect.any(String)]);
    await expectDead(kind === 'a device code' ? devices[0]! : apps[0]!, won);
  });

  test.each(Object.keys(kinds))(
    `%s, ${ROUNDS} free rounds end the family too`,
    async (kind) => {
      for (let round = 0; round < ROUNDS; round += 1) {
        const won = await useTwice(await kinds[kind]!());
        await expectDead(kind === 'a device code' ? devices[0]! : apps[0]!, won);
      }
    },
    60_000 + ROUNDS * 5000,
  );
});
