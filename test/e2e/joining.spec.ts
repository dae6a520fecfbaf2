import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { Browser } from '../support/browser.js';
import { describeEachDatabase, type TestDatabase } from '../support/databases.js';
import { revokePerson } from '../support/operator.js';
import { alice, bob, breakfast, type Person } from '../support/people.js';
import { inKnex, inMemory, movingFrom, notMoved, type Previous } from '../support/previous-adapter.js';
import { oauthError, RelyingParty, type Tokens } from '../support/relying-party.js';
import { type ServerOptions, startServer, type TestServer } from '../support/server.js';

const previousAdapters = [
  { name: 'in memory', open: inMemory },
  { name: 'of knex', open: inKnex },
];

describeEachDatabase('a provider that moves to the adapter', (database) => {
  describe.each(previousAdapters)('from an adapter $name', ({ open }) => {
    moves(database, open);
  });
});

function moves(database: TestDatabase, open: (database: TestDatabase) => Promise<Previous>): void {
  let previous: Previous;
  const nodes: TestServer[] = [];
  let drop: () => Promise<void>;
  let own: { databaseUrl: string; dataDir: string };

  beforeAll(async () => {
    previous = await open(database);
    const fresh = await database.create();
    drop = fresh.drop;
    own = { databaseUrl: fresh.url, dataDir: await mkdtemp(join(inject('tempDir'), 'keys-')) };
  });
  afterAll(async () => {
    for (const node of nodes) await node.stop();
    await previous.close();
    await drop();
  });

  async function start(override: NonNullable<ServerOptions['override']>): Promise<TestServer> {
    const node = await startServer(database, { ...own, override });
    nodes.push(node);
    return node;
  }

  interface SignedIn {
    person: Person;
    browser: Browser;
    tokens: Tokens;
  }

  const elsewhere = ({ browser }: SignedIn, node: TestServer): Browser =>
    Object.assign(new Browser(node.url), { jar: browser.jar });

  const patient = { timeout: 300_000 };
  test('signs nobody out, and a revocation ends what moved, what did not, and what is new', patient, async () => {
    const before = await RelyingParty.discover(await start(notMoved(previous)));
    const signedIn: SignedIn[] = [];
    for (const person of [alice, alice, alice, bob, bob, breakfast]) {
      const browser = new Browser(before.server.url);
      signedIn.push({ person, browser, tokens: await before.signIn(browser, person) });
    }
    const idle = signedIn[2]!;
    const active = signedIn.filter((one) => one !== idle);

    const after = [
      await RelyingParty.discover(await start(movingFrom(previous))),
      await RelyingParty.discover(await start(movingFrom(previous))),
    ];
    const isLive = async (token: string): Promise<unknown> => (await after[0]!.introspect(token))['active'];

    // Everything at once, on both nodes.
    const refreshed = await Promise.all(
      active.map(async (one, i) => {
        const [node, other] = i % 2 ? [after[0]!, after[1]!] : [after[1]!, after[0]!];
        const [tokens, ...rest] = await Promise.all([
          node.refresh(one.tokens.refresh_token!),
          node.introspect(one.tokens.access_token),
          other.introspect(one.tokens.access_token),
          node.silently(elsewhere(one, node.server)),
          other.silently(elsewhere(one, other.server)),
        ]);
        expect(rest.slice(0, 2).map((answer) => (answer as { active?: boolean }).active)).toEqual([true, true]);
        for (const page of rest.slice(2)) expect((page as { url: URL }).url.searchParams.get('code')).toBeTruthy();
        return { person: one.person, tokens };
      }),
    );
    const fresh = await after[1]!.signIn(new Browser(after[1]!.server.url), alice);
    expect(await isLive(fresh.access_token)).toBe(true);

    await revokePerson(after[0]!.server, alice);
    const [hers, theirs] = [
      refreshed.filter(({ person }) => person === alice).map(({ tokens }) => tokens),
      refreshed.filter(({ person }) => person !== alice).map(({ tokens }) => tokens),
    ];
    for (const tokens of [...hers, fresh, idle.tokens]) {
      expect(await isLive(tokens.access_token)).toBe(false);
      expect(await oauthError(after[1]!.refresh(tokens.refresh_token!))).toBe('invalid_grant');
    }
    const asked = await after[0]!.silently(elsewhere(idle, after[0]!.server));
    expect(asked.url.searchParams.get('error')).toBe('login_required');
    for (const tokens of theirs) {
      expect(await isLive(tokens.access_token)).toBe(true);
      expect(await after[0]!.refresh(tokens.refresh_token!)).toMatchObject({ token_type: 'bearer' });
    }
  });
}
