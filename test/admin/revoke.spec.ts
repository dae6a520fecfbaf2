import { userInfo } from 'node:os';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Browser } from '../support/browser.js';
import { describeEachDatabase } from '../support/databases.js';
import { alice, bob, breakfast } from '../support/people.js';
import { oauthError, RelyingParty } from '../support/relying-party.js';
import { startServer, type TestServer } from '../support/server.js';
import { ctl, ctlJson, type Ended } from './ctl.js';

interface Record {
  id: string;
  createdAt: string;
  subject: string;
  [more: string]: unknown;
}

const ALICE = ['--format', 'uid', '--id', 'alice'];
const actor = `cli:${userInfo().username}`;

describeEachDatabase('ctl users, revoke and revocations, while a server runs', (database) => {
  let server: TestServer;
  let party: RelyingParty;
  beforeAll(async () => {
    server = await startServer(database);
    party = await RelyingParty.discover(server);
  });
  afterAll(() => server.stop());

  const env = () => ({ DATABASE_URL: server.databaseUrl, ISSUER: server.url });
  const run = (...args: string[]): Promise<Ended> => ctl(args, env());
  const ask = <T>(...args: string[]): Promise<T> => ctlJson<T>(args, env());
  const records = (): Promise<Record[]> => ask<Record[]>('revocations', 'list');

  test.each([
    ['uid', ALICE, alice.id],
    ['email', ['--format', 'email', '--email', 'Alice@Example.com'], alice.id],
    ['opaque', ['--format', 'opaque', '--id', bob.id], bob.id],
    ['the whole identifier', ['--sub-id', '{"format":"uid","id":"bob"}'], bob.id],
  ])('users find by %s → the account', async (_format, options, subject) => {
    const live = { sessions: 0, tokens: 0 };
    expect(await ask('users', 'find', ...options)).toEqual({ subject, matched: 1, live });
  });

  test('users find by issuer and sub → the account; several share an attribute → the first, and how many', async () => {
    const issSub = ['--format', 'iss_sub', '--iss', server.url, '--sub', alice.id];
    expect(await ask('users', 'find', ...issSub)).toMatchObject({ subject: alice.id, matched: 1 });
    const kitchen = await run('users', 'find', '--format', 'department', '--id', 'kitchen');
    expect(kitchen.out).toMatch(`${bob.id} (the first of 2 who match)`);
  });

  test.each(['users find', 'revoke', 'revoke --dry-run'])(
    '%s nobody → 3, and whom it does not know',
    async (command) => {
      const ended = await run(...command.split(' '), '--format', 'uid', '--id', 'nobody');
      expect(ended).toEqual({ code: 3, out: '', err: 'error: no user is named by {"format":"uid","id":"nobody"}' });
    },
  );

  test('an identifier that is not valid → 2, what was wrong with it, no record', async () => {
    const { code, err } = await run('revoke', '--format', 'uid', '--email', 'alice@example.com');
    expect(code).toBe(2);
    expect(err).toContain('not a valid subject identifier: {"format":"uid","email":"alice@example.com"}');
    expect(await records()).toEqual([]);
  });

  test('revoke --dry-run → who and what would end, and nothing ends; revoke → it ends, with a record', async () => {
    const browser = new Browser(server.url);
    const tokens = await party.signIn(browser, alice);
    const others = await party.signIn(new Browser(server.url), bob);
    const named = { subject: alice.id, matched: 1 };

    const dry = { revoked: false, id: null, ...named, live: { sessions: 1, tokens: 2 } };
    expect(await ask('revoke', ...ALICE, '--dry-run')).toEqual(dry);
    expect(await records()).toEqual([]);
    expect(await party.introspect(tokens.access_token)).toMatchObject({ active: true });

    const { id } = await ask<{ id: string }>('revoke', ...ALICE, '--reason', 'laptop stolen');
    expect(await party.introspect(tokens.access_token)).toEqual({ active: false });
    expect(await oauthError(party.refresh(tokens.refresh_token!))).toBe('invalid_grant');
    expect((await party.silently(browser)).url.searchParams.get('error')).toBe('login_required');
    expect(await party.introspect(others.access_token)).toMatchObject({ active: true });

    const record = { id, actor, method: 'cli', format: 'uid', matched: 1, reason: 'laptop stolen', subject: alice.id };
    expect(await records()).toMatchObject([record]);
    expect(await ask('revoke', ...ALICE, '--dry-run')).toMatchObject({ live: { sessions: 0, tokens: 0 } });
  });

  test('revocations list → the youngest first; --limit, --since and --subject choose', async () => {
    await run('revoke', '--format', 'uid', '--id', 'breakfast');
    const [youngest, second] = await records();
    expect([youngest?.subject, second?.subject]).toEqual([breakfast.id, alice.id]);
    expect(await ask('revocations', 'list', '--limit', '1')).toEqual([youngest]);
    expect(await ask('revocations', 'list', '--since', youngest!.createdAt)).toEqual([youngest]);
    expect(await ask('revocations', 'list', '--since', '1h', '--subject', alice.id)).toEqual([second]);
    expect((await run('revocations', 'list')).out).toMatch(/^TIME +ACCOUNT +BY +FORMAT +ENDED +RECORD\n/);
  });

  test('revocations show → all it says; of an unknown record → 3', async () => {
    const [youngest] = await records();
    expect(await ask('revocations', 'show', youngest!.id)).toEqual(youngest);
    expect((await run('revocations', 'show', youngest!.id)).out).toMatch(`by        ${actor} (cli)`);
    const unknown = await run('revocations', 'show', 'x');
    expect(unknown).toEqual({ code: 3, out: '', err: expect.stringMatching(/'x'.*revocations list/) as string });
  });

  test('a reason that would command a terminal → shown without its power', async () => {
    await run('revoke', ...ALICE, '--reason', 'a\u001b[2Jb\u009b\u202e');
    const [{ id }] = (await records()) as [Record];
    expect((await run('revocations', 'show', id)).out).toContain('a\u{FFFD}[2Jb\u{FFFD}\u{FFFD}');
    const { out } = await run('revocations', 'show', id, '--json');
    expect(out).not.toMatch(/\p{C}/u);
    expect(JSON.parse(out)).toMatchObject({ reason: 'a\u001b[2Jb\u009b\u202e' });
  });
});
