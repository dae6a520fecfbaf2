import { beforeEach, expect, test, vi } from 'vitest';
import { OidcRecord } from '../../../../src/module/oidc-provider/oidc-record.entity.js';
import { sha256Hex } from '../../../../src/module/database/digest.js';
import { Revocation } from '../../../../src/module/revocation/revocation.entity.js';
import { subjectKey } from '../../../../src/module/revocation/subject-epochs.js';
import { Sweeper } from '../../../../src/module/revocation/sweep/sweeper.js';
import { Browser } from '../../../support/browser.js';
import { describeEachDatabase } from '../../../support/databases.js';
import { revokePerson } from '../../../support/operator.js';
import { alice, bob, type Person } from '../../../support/people.js';
import { RelyingParty } from '../../../support/relying-party.js';
import { startForTest, startServer, type TestServer } from '../../../support/server.js';
import { typePassword } from '../../../support/sign-in.js';

const quiet = { env: { GTR_SWEEP_INTERVAL_MS: '0' } };

describeEachDatabase('sweeper', (database) => {
  let server: TestServer;
  let app: RelyingParty;
  let sweeper: Sweeper;

  beforeEach(async () => {
    server = await startForTest(database, quiet);
    app = await RelyingParty.discover(server);
    sweeper = server.app.get(Sweeper);
  });

  const signIn = async (person: Person, browsers: number): Promise<void> => {
    for (let i = 0; i < browsers; i += 1) await app.signIn(new Browser(server.url), person);
  };
  const records = () => server.dataSource.getRepository(Revocation).find({ order: { epochAfter: 'ASC' } });
  const rowsOf = ({ id }: Person) =>
    server.dataSource.getRepository(OidcRecord).countBy({ subjectHash: subjectKey(id) });
  const kindsOf = async ({ id }: Person): Promise<string[]> => {
    const rows = await server.dataSource.getRepository(OidcRecord).findBy({ subjectHash: subjectKey(id) });
    return rows.map(({ kind }) => kind).sort();
  };

  /** Dead rows in bulk: copies of one of alice's. */
  async function multiply(copies: number, kind = 'AccessToken'): Promise<void> {
    const rows = server.dataSource.getRepository(OidcRecord);
    const one = await rows.findOneByOrFail({ kind, subjectHash: subjectKey(alice.id) });
    const more = Array.from({ length: copies }, (_, i) =>
      Object.assign(new OidcRecord(), one, { idHash: sha256Hex(`copy ${i}`) }),
    );
    for (let i = 0; i < copies; i += 500) await rows.insert(more.slice(i, i + 500));
  }

  test('counts what each of two revocations ended and touches no other user', async () => {
    await signIn(bob, 1);
    const his = await rowsOf(bob);
    await signIn(alice, 2);
    await revokePerson(server, alice);
    await signIn(alice, 1);
    await revokePerson(server, alice);

    await sweeper.sweep(0);

    expect(await records()).toMatchObject([
      { sessions: 2, tokens: 4, completedAt: expect.any(Number) },
      { sessions: 1, tokens: 2, completedAt: expect.any(Number) },
    ]);
    expect(await kindsOf(alice)).toEqual(['Session', 'Session', 'Session']);
    expect(await rowsOf(bob)).toBe(his);
  });

  test('keeps a session that alice starts between revocation and sweep', async () => {
    await signIn(alice, 1);
    await revokePerson(server, alice);
    const tokens = await app.signIn(new Browser(server.url), alice);
    await sweeper.sweep(0);
    expect((await app.introspect(tokens.access_token)).active).toBe(true);
    expect(await records()).toMatchObject([{ sessions: 1, tokens: 2 }]);
  });

  test('does not count tokens used up or expired before the revocation', async () => {
    const { refresh_token } = await app.signIn(new Browser(server.url), alice);
    await app.refresh(refresh_token!);
    await server.dataSource.getRepository(OidcRecord).update({ kind: 'AccessToken' }, { expiresAt: 1 });
    await revokePerson(server, alice);
    await sweeper.sweep(0);
    expect(await records()).toMatchObject([{ sessions: 1, tokens: 1 }]);
    expect(await kindsOf(alice)).toEqual(['Session']);
  });

  test('keeps dead sessions and interactions until they expire, and counts them once', async () => {
    await signIn(alice, 1);
    const open = await app.request();
    const browser = new Browser(server.url);
    const consent = await typePassword(browser, await browser.open(open.url), alice);
    await revokePerson(server, alice);
    await sweeper.sweep(0);
    expect(await kindsOf(alice)).toEqual(['Interaction', 'Session', 'Session']);

    await signIn(alice, 1);
    await revokePerson(server, alice);
    await sweeper.sweep(0);
    expect(await records()).toMatchObject([
      { sessions: 2, completedAt: expect.any(Number) },
      { sessions: 1, completedAt: expect.any(Number) },
    ]);
    expect((await browser.open(consent.url)).text).toContain('Start again');

    const expired = { expiresAt: Date.now() - 2 * 3_600_000 };
    await server.dataSource.getRepository(OidcRecord).update({ subjectHash: subjectKey(alice.id) }, expired);
    await sweeper.sweep(0);
    expect(await rowsOf(alice)).toBe(0);
  });

  test('counts more kept rows than fit in a batch once', async () => {
    await signIn(alice, 1);
    await multiply(600, 'Session');
    await revokePerson(server, alice);
    await sweeper.sweep(0);
    expect(await records()).toMatchObject([{ sessions: 601, tokens: 2, completedAt: expect.any(Number) }]);
    expect(await rowsOf(alice)).toBe(601);
  });

  test('counts exactly when it dies in the middle of each batch', async () => {
    await signIn(alice, 1);
    await multiply(1200);
    await revokePerson(server, alice);
    let deaths = 0;
    sweeper.add({
      count: () => Promise.resolve({}),
      purge: () => Promise.resolve(0),
      sweep: () => {
        deaths += 1;
        if (deaths % 2 === 1) throw new Error('killed after the rows were deleted, before the commit');
        return Promise.resolve({ sessions: 0, tokens: 0, isDone: true });
      },
    });
    while ((await records())[0]!.completedAt === null) await sweeper.sweep(0).catch(() => {});
    expect(deaths).toBeGreaterThanOrEqual(6);
    expect(await records()).toMatchObject([{ sessions: 1, tokens: 1202 }]);
  });

  test('two sweepers at once count each row once and finish', async () => {
    await signIn(alice, 1);
    await multiply(1600);
    await revokePerson(server, alice);
    await signIn(bob, 1);
    await revokePerson(server, bob);
    const other = await startServer(database, { ...quiet, databaseUrl: server.databaseUrl });
    const both = [sweeper, other.app.get(Sweeper)];
    while ((await records()).some(({ completedAt }) => completedAt === null)) {
      await Promise.all(both.map((one) => one.sweep(0).catch(() => {})));
    }
    expect(await records()).toMatchObject([
      { sessions: 1, tokens: 1602 },
      { sessions: 1, tokens: 2 },
    ]);
    await other.stop();
  });

  test('a stopping server does not wait until all expired rows are deleted', async () => {
    let batches = 0;
    sweeper.add({
      count: () => Promise.resolve({}),
      sweep: () => Promise.resolve({ sessions: 0, tokens: 0, isDone: true }),
      purge: (_before, limit) => {
        batches += 1;
        return Promise.resolve(batches < 100 ? limit : 0);
      },
    });
    const sweeping = sweeper.sweep(0);
    await vi.waitFor(() => expect(batches).toBeGreaterThan(1));
    await sweeper.beforeApplicationShutdown();
    await sweeping;
    expect(batches).toBeLessThan(10);
  });

  test('deletes rows that expired long ago and keeps others', async () => {
    await signIn(bob, 1);
    const rows = server.dataSource.getRepository(OidcRecord);
    const before = await rows.count();
    await rows.update({ kind: 'AccessToken' }, { expiresAt: Date.now() - 2 * 3_600_000 });
    await sweeper.sweep(0);
    expect(await rows.count()).toBe(before - 1);
  });

  test('leaves a fresh revocation alone until concurrent requests have ended', async () => {
    await signIn(alice, 1);
    await revokePerson(server, alice);
    await sweeper.sweep();
    expect(await records()).toMatchObject([{ completedAt: null }]);
  });
});
