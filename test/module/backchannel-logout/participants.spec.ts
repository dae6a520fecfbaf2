import { beforeEach, expect, test } from 'vitest';
import { Participant } from '../../../src/module/backchannel-logout/participant.entity.js';
import { type NewParticipant, Participants } from '../../../src/module/backchannel-logout/participants.js';
import { inTransaction, Realms } from '../../../src/module/index.js';
import { EVERYBODY_REALM } from '../../../src/module/options/revocation-listener.js';
import { ALL_SUBJECTS } from '../../../src/module/revocation/live-epoch.js';
import { openForTest, type OpenDatabase } from '../database/open-database.js';
import { describeEachDatabase } from '../../support/databases.js';

const HOUR_MS = 3_600_000;

describeEachDatabase('participants', (database) => {
  let db: OpenDatabase;
  let participants: Participants;

  beforeEach(async () => {
    db = await openForTest(database);
    participants = node();
  });

  const node = (): Participants => new Participants(db.dataSource, db.deadline);
  const rows = (): Promise<Participant[]> => db.dataSource.manager.find(Participant, { order: { clientId: 'ASC' } });
  const remember = async (subject: string, clientId: string, more: Partial<NewParticipant> = {}): Promise<void> =>
    participants.remember({
      ...{ subject, clientId, epoch: await db.epochs.epochForSignIn(subject), expiresAt: 5 * HOUR_MS },
      ...more,
    });
  const raise = (subject: string): Promise<unknown> =>
    inTransaction(db.dataSource, (manager) => db.epochs.raise(manager, subject));

  test('are stored once, for the longest lifetime that any process knows', async () => {
    await remember('alice', 'shop');
    participants = node();
    await remember('alice', 'shop', { expiresAt: 9 * HOUR_MS });
    participants = node();
    await remember('alice', 'shop', { expiresAt: 2 * HOUR_MS });
    expect(await rows()).toMatchObject([{ subject: 'alice', clientId: 'shop', expiresAt: (9 + 24) * HOUR_MS }]);
  });

  test('of one user are compared with the epoch of this user, letter by letter', async () => {
    for (const client of ['shop', 'Shop']) await remember('alice', client);
    await remember('Alice', 'forum');
    expect(await participants.endedOf('alice')).toEqual([]);
    await raise('alice');
    expect((await participants.endedOf('alice')).toSorted()).toEqual(['Shop', 'shop']);
    expect(await participants.endedOf('Alice')).toEqual([]);
  });

  test('distinguish the sessions that ended from the one that began later', async () => {
    await remember('alice', 'shop', { sid: 'old' });
    await remember('alice', 'shop', { sid: 'kept' });
    await raise('alice');
    expect(await participants.sessions('alice', 'shop')).toMatchObject({ hasNewer: false });
    await remember('alice', 'shop', { sid: 'kept' });
    expect(await participants.sessions('alice', 'shop')).toEqual({ ended: ['old'], hasNewer: true });
  });

  test('from before the module ended when everybody was revoked', async () => {
    await participants.remember({ subject: 'alice', clientId: 'shop', epoch: 0, expiresAt: 5 * HOUR_MS });
    expect(await participants.endedOf('alice')).toEqual([]);
    await raise(ALL_SUBJECTS);
    expect(await participants.endedOf('alice')).toEqual(['shop']);
    expect(await participants.sessions('alice', 'shop')).toEqual({ ended: [], hasNewer: false });
  });

  test('of everybody are read in pages, each once', async () => {
    const clients = Array.from({ length: 501 }, (_, i) => `rp-${i}`);
    for (const client of clients) await remember('alice', client);
    await remember('bob', 'shop');
    await raise('alice');
    const { ended: first, next } = await participants.ended(EVERYBODY_REALM);
    const { ended: second, next: last } = await participants.ended(EVERYBODY_REALM, next);
    expect(first).toHaveLength(500);
    expect([...first, ...second].map(({ clientId }) => clientId).toSorted()).toEqual(clients.toSorted());
    expect(await participants.ended(EVERYBODY_REALM, last)).toEqual({ ended: [], next: undefined });
  });

  test('of a realm are read in pages of its users, each once, whoever else was revoked before', async () => {
    const realms = new Realms(db.epochs, db.revocations);
    const users = Array.from({ length: 201 }, (_, i) => `person-${i}`);
    for (const user of users) await realms.place(user, 'acme');
    for (const user of ['bob', 'carol']) await realms.place(user, user === 'bob' ? 'other' : 'acme');
    for (const user of [...users, 'bob', 'unplaced']) await remember(user, 'shop');
    for (const user of ['bob', 'unplaced']) await raise(user);
    await db.revocations.revokeRealm('acme', { actor: 'test' });
    const told: string[] = [];
    for (let page = await participants.ended('acme'); ; page = await participants.ended('acme', page.next)) {
      told.push(...page.ended.map(({ subject }) => subject));
      if (page.next === undefined) break;
    }
    expect(told.toSorted()).toEqual(users.toSorted());
    expect(await participants.ended('nobodys')).toEqual({ ended: [], next: undefined });
  });

  test('are purged in batches after their time', async () => {
    for (const client of ['a', 'b', 'c']) await remember('alice', client);
    await remember('alice', 'd', { expiresAt: 9 * HOUR_MS });
    const purge = (): Promise<number> => participants.purge(30 * HOUR_MS, 2);
    expect([await purge(), await purge(), await purge()]).toEqual([2, 1, 0]);
    expect(await rows()).toMatchObject([{ clientId: 'd' }]);
  });

  test('of a user id with NUL can be stored', async () => {
    await remember('al\0ice', 'shop');
    await raise('al\0ice');
    expect(await participants.endedOf('al\0ice')).toEqual(['shop']);
  });
});
