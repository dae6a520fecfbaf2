import { randomUUID } from 'node:crypto';
import { userInfo } from 'node:os';
import { beforeAll, describe, expect, test } from 'vitest';
import { OutboxEntry } from '../../src/module/notifications/outbox-entry.entity.js';
import { Revocation } from '../../src/module/revocation/revocation.entity.js';
import { Browser } from '../support/browser.js';
import { describeEachDatabase } from '../support/databases.js';
import { alice, bob, breakfast } from '../support/people.js';
import { oauthError, RelyingParty } from '../support/relying-party.js';
import { serverFixture } from '../support/server.js';
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
  const server = serverFixture(database);
  let party: RelyingParty;
  beforeAll(async () => {
    party = await RelyingParty.discover(server);
  });

  const env = () => ({ DATABASE_URL: server.databaseUrl, ISSUER: server.url });
  const run = (...args: string[]): Promise<Ended> => ctl(args, env());
  const ask = <T>(...args: string[]): Promise<T> => ctlJson<T>(args, env());
  const records = (): Promise<Record[]> => ask<Record[]>('revocations', 'list');

  test.each([
    ['uid', ALICE, alice.id],
    ['email', ['--format', 'email', '--email', 'Alice@Example.com'], alice.id],
    ['opaque', ['--format', 'opaque', '--id', bob.id], bob.id],
    ['the whole identifier', ['--sub-id', '{"format":"uid","id":"bob"}'], bob.id],
  ])('users find by %s finds the account', async (_format, options, subject) => {
    const live = { sessions: 0, tokens: 0 };
    expect(await ask('users', 'find', ...options)).toEqual({ subject, matched: 1, live });
  });

  test('users find by issuer and sub finds the account, and counts users that share an attribute', async () => {
    const issSub = ['--format', 'iss_sub', '--iss', server.url, '--sub', alice.id];
    expect(await ask('users', 'find', ...issSub)).toMatchObject({ subject: alice.id, matched: 1 });
    const kitchen = await run('users', 'find', '--format', 'department', '--id', 'kitchen');
    expect(kitchen.out).toContain(`${bob.id} (bob) (the first of 2 matches)`);
  });

  test.each(['users find', 'revoke', 'revoke --dry-run'])(
    '%s for an unknown user exits with 3 and shows the identifier',
    async (command) => {
      const ended = await run(...command.split(' '), '--format', 'uid', '--id', 'nobody');
      expect(ended).toEqual({ code: 3, out: '', err: 'error: no user matches {"format":"uid","id":"nobody"}' });
    },
  );

  test('an invalid identifier exits with 2, explains the problem and writes no record', async () => {
    const { code, err } = await run('revoke', '--format', 'uid', '--email', 'alice@example.com');
    expect(code).toBe(2);
    expect(err).toContain('not a valid subject identifier: {"format":"uid","email":"alice@example.com"}');
    expect(await records()).toEqual([]);
  });

  test('revoke --dry-run shows what would end and ends nothing, then revoke ends it with a record', async () => {
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

  test('revocations list shows the latest first, limited by --limit, --since and --subject', async () => {
    await run('revoke', '--format', 'uid', '--id', 'breakfast');
    const [youngest, second] = await records();
    expect([youngest?.subject, second?.subject]).toEqual([breakfast.id, alice.id]);
    const first = await run('revocations', 'list', '--limit', '1', '--json');
    expect([JSON.parse(first.out), first.err]).toEqual([[youngest], '1 shown; there are more: use --limit N']);
    expect(await ask('revocations', 'list', '--since', youngest!.createdAt)).toEqual([youngest]);
    expect(await ask('revocations', 'list', '--since', '1h', '--subject', alice.id)).toEqual([second]);
    const [headings, line] = (await run('revocations', 'list')).out.split('\n');
    expect(headings).toMatch(/^TIME +ACCOUNT +BY +FORMAT +ENDED +RECORD$/);
    expect(line).toMatch(`Z  breakfast  ${actor} `);
    expect(line).toMatch(new RegExp(` ${youngest!.id.slice(0, 8)}$`));
  });

  test('revocations show prints the record, and exits with 3 for an unknown one', async () => {
    const [youngest] = await records();
    expect(await ask('revocations', 'show', youngest!.id)).toEqual({ ...youngest, deliveries: [] });
    expect((await run('revocations', 'show', youngest!.id)).out).toMatch(`by        ${actor} (cli)`);
    expect((await run('revocations', 'show', youngest!.id)).out).toContain(`account   ${breakfast.id} (breakfast)`);
    expect((await run('revocations', 'show', youngest!.id)).out).toMatch(/^told {6}nobody$/m);
    const { id } = youngest!;
    const outbox = server.dataSource.getRepository(OutboxEntry);
    await outbox.insert({ id, subject: '', epochBefore: 0, epochAfter: 0, createdAt: 1, priority: 0, attempts: 0 });
    expect((await run('revocations', 'show', id)).out).toMatch(/^told {6}nobody so far; looking for more recipients$/m);
    await outbox.delete({ id });
    await server.dataSource.manager.update(Revocation, { id }, { toNotify: 1 });
    expect((await run('revocations', 'show', id)).out).toMatch(/^told {6}nobody so far; looking for more recipients$/m);
    await server.dataSource.manager.update(Revocation, { id }, { toNotify: null });
    const unknown = await run('revocations', 'show', 'x');
    expect(unknown).toEqual({ code: 3, out: '', err: expect.stringMatching(/'x'.*revocations list/) as string });
  });

  test('a unique prefix of an ID selects its record, and an ambiguous one exits with 4', async () => {
    await run('revoke', '--format', 'uid', '--id', 'breakfast');
    const [youngest] = (await records()) as [Record];
    for (const beginning of [
      youngest.id.slice(0, 8),
      youngest.id.slice(0, 8).toUpperCase(),
      youngest.id.slice(0, 30),
    ]) {
      expect(await ask('revocations', 'show', beginning)).toEqual({ ...youngest, deliveries: [] });
    }
    const ids = ['aaaaaaaa-a000-4000-8000-000000000001', 'aaaaaaaa-b000-4000-8000-000000000002'];
    const like = await server.dataSource.manager.findOneByOrFail(Revocation, { id: youngest.id });
    const rows = ids.map((id) =>
      Object.assign(server.dataSource.manager.create(Revocation, like), { id, createdAt: 1 }),
    );
    await server.dataSource.createQueryBuilder().insert().into(Revocation).values(rows).updateEntity(false).execute();
    const ambiguous = await run('revocations', 'show', 'aaaaaaaa');
    expect([ambiguous.code, ambiguous.out]).toEqual([4, '']);
    expect(ambiguous.err).toBe(
      `error: several records begin with 'aaaaaaaa': ${ids.join(', ')}; give more characters of the one you mean`,
    );
    expect(await ask('revocations', 'show', 'aaaaaaaa-b')).toMatchObject({ id: ids[1] });
    const { out } = await run('revocations', 'list', '--until', '1970-01-02');
    expect(out.split('\n').map((line) => line.split(' ').at(-1))).toEqual(['RECORD', 'aaaaaaaa-b', 'aaaaaaaa-a']);
    expect(await run('revocations', 'show', '%')).toMatchObject({ code: 3 });
    await server.dataSource.manager.delete(Revocation, ids);
  });

  test.each([
    ['before the command', ['--as', 'carol', 'revoke', ...ALICE]],
    ['after it', ['revoke', ...ALICE, '--as', 'carol']],
    ['after it, with =', ['revoke', '--as=carol', ...ALICE]],
  ])('--as %s records carol as actor', async (_where, args) => {
    const { id } = await ask<{ id: string }>(...args);
    expect(await ask('revocations', 'show', id)).toMatchObject({ actor: 'cli:carol', method: 'cli' });
  });

  test('--as records carol as actor of changes to flags and clients', async () => {
    await run('flags', 'enable', 'GLOBAL_TOKEN_REVOCATION', '--as', 'carol');
    await run('--as', 'carol', 'clients', 'rotate-secret', 'demo-operator');
    const changes = await ask<Array<{ action: string }>>('changes', 'list', '--actor', 'cli:carol');
    expect(changes.map(({ action }) => action)).toEqual(['client.rotate_secret', 'flag.enable']);
  });

  test('control characters in a reason are shown without effect', async () => {
    await run('revoke', ...ALICE, '--reason', 'a\u001b[2Jb\u009b\u202e');
    const [{ id }] = (await records()) as [Record];
    expect((await run('revocations', 'show', id)).out).toContain('a\u{FFFD}[2Jb\u{FFFD}\u{FFFD}');
    const { out } = await run('revocations', 'show', id, '--json');
    expect(out).not.toMatch(/\p{C}/u);
    expect(JSON.parse(out)).toMatchObject({ reason: 'a\u001b[2Jb\u009b\u202e' });
  });

  describe('with more revocations than a list shows', () => {
    const list = (...args: string[]) => run('revocations', 'list', ...args);
    const since = new Date(Date.now() + 3_600_000).toISOString();
    /** As many more, a second from one to the next. */
    const add = async (count: number, actor: string, from = Date.parse(since)): Promise<void> => {
      const like = await server.dataSource.manager.findOneByOrFail(Revocation, { subject: alice.id });
      const rows = Array.from({ length: count }, (_, i) =>
        Object.assign(server.dataSource.manager.create(Revocation, like), {
          id: randomUUID(),
          actor,
          createdAt: from + i * 1000,
          completedAt: from,
        }),
      );
      const insert = (some: Revocation[]) =>
        server.dataSource.createQueryBuilder().insert().into(Revocation).values(some).updateEntity(false).execute();
      for (let i = 0; i < count; i += 1000) await insert(rows.slice(i, i + 1000));
    };
    beforeAll(async () => {
      await run('revoke', ...ALICE);
      await add(21, 'hr-system');
      await add(1, 'HR-System');
    });

    test('list without --since shows the latest 20 and that there are more', async () => {
      for (const args of [[], ['--json']]) {
        expect(await list(...args)).toMatchObject({ code: 0, err: '20 shown; there are more: use --limit N' });
      }
      expect((await ask<Record[]>('revocations', 'list', '--limit', '500')).length).toBeGreaterThan(22);
    });

    test('list --since, --actor and --until show exactly the selected revocations', async () => {
      expect(await ask('revocations', 'list', '--since', since)).toHaveLength(22);
      const own = await ask<Record[]>('revocations', 'list', '--since', since, '--actor', 'hr-system');
      expect(own.map(({ actor }) => actor)).toEqual(Array.from({ length: 21 }, () => 'hr-system'));
      const { createdAt } = own[5]!;
      expect(await ask('revocations', 'list', '--actor', 'hr-system', '--until', createdAt)).toEqual(own.slice(5));
      expect(await list('--since', since, '--actor', 'nobody')).toEqual({ code: 0, out: 'no revocations', err: '' });
    });

    test('list names the time to continue from when it reaches its maximum', async () => {
      const from = Date.parse(since) + 3_600_000;
      await add(10_001, 'busy', from);
      const { out, err } = await list('--since', since, '--actor', 'busy', '--json');
      expect(JSON.parse(out)).toHaveLength(10_000);
      const until = new Date(from + 1000).toISOString();
      expect(err).toBe(`10000 shown; there are more: use --until ${until}`);
      expect(await ask('revocations', 'list', '--until', until, '--actor', 'busy')).toHaveLength(2);
    });
  });
});
