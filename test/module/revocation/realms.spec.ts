import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import * as fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { inTransaction } from '../../../src/module/database/primary.js';
import { Participants } from '../../../src/module/backchannel-logout/participants.js';
import { inheritEpoch, runInEpochContext } from '../../../src/module/oidc-provider/epoch-context.js';
import { RecordSweep } from '../../../src/module/oidc-provider/record-sweep.js';
import { FROM_BEFORE } from '../../../src/module/revocation/live-epoch.js';
import { RealmEpoch } from '../../../src/module/revocation/realm-epoch.entity.js';
import { Realms } from '../../../src/module/revocation/realms.js';
import { Revocation } from '../../../src/module/revocation/revocation.entity.js';
import { SubjectEpoch } from '../../../src/module/revocation/subject-epoch.entity.js';
import { subjectKey } from '../../../src/module/revocation/subject-epochs.js';
import { describeEachDatabase } from '../../support/databases.js';
import { onCommit } from '../database/break-commits.js';
import { openForTest, type OpenDatabase } from '../database/open-database.js';
import { SqlLog } from '../endpoint/sql-log.js';

const MODELS = ['Session', 'Grant', 'RefreshToken'];

describeEachDatabase('a revocation of a realm', (database) => {
  let db: OpenDatabase;
  let realms: Realms;

  beforeEach(async () => {
    db = await openForTest(database);
    realms = new Realms(db.epochs, db.revocations);
  });

  const revokeRealm = (realm: string, recordId?: string): Promise<string> =>
    db.revocations.revokeRealm(realm, {
      actor: 'ops',
      reason: 'identity provider stolen',
      ...(recordId && { recordId }),
    });

  const save = (subject: string, epoch: number, id = subject): Promise<void> =>
    runInEpochContext(async () => {
      inheritEpoch(subject, epoch);
      for (const model of MODELS) await db.adapters(model).upsert(id, { accountId: subject, uid: id }, 600);
    });

  /** Somebody who signs in. @returns the epoch */
  async function signIn(subject: string, realm?: string, id = subject): Promise<number> {
    const epoch = await (realm === undefined
      ? db.epochs.epochForSignIn(subject)
      : realms.epochForSignIn(subject, realm));
    await save(subject, epoch, id);
    return epoch;
  }

  const live = async (id: string): Promise<string[]> => {
    const found = await Promise.all(MODELS.map((model) => db.adapters(model).find(id)));
    return MODELS.filter((_, i) => found[i] !== undefined);
  };
  const records = () => db.dataSource.manager.find(Revocation, { order: { createdAt: 'ASC' } });

  test('ends what its users have, and not what others have or what they get by signing in again, each time', async () => {
    for (const [a, b, c] of ['123', '456', '789'] as const) {
      const [alice, bob, carol] = [
        await signIn('alice', 'acme', a),
        await signIn('bob', 'other', b),
        await signIn('carol'),
      ];
      await save('carol', carol, c);
      await revokeRealm('acme');
      expect([await live(a!), await live(b!), await live(c!)]).toEqual([[], MODELS, MODELS]);
      expect(await db.epochs.isCurrent('alice', alice)).toBe(false);
      expect(await db.epochs.areLive(new Map([[subjectKey('alice'), alice]]))).toBe(false);
      expect([await db.epochs.isCurrent('bob', bob), await db.epochs.isCurrent('carol', carol)]).toEqual([true, true]);
    }
    await signIn('alice', 'acme');
    expect(await live('alice')).toEqual(MODELS);
  });

  test('ends credentials that are created afterwards from an earlier credential or first factor', async () => {
    const newcomer = await realms.epochForSignIn('newcomer', 'acme');
    await signIn('alice', 'acme');
    await runInEpochContext(async () => {
      await db.adapters('RefreshToken').find('alice');
      await revokeRealm('acme');
      await db.adapters('RefreshToken').upsert('child', { accountId: 'alice' }, 600);
    });
    await save('newcomer', newcomer);
    expect([await live('child'), await live('newcomer')]).toEqual([[], []]);
  });

  test('writes one row, whatever the number of users, and one record that names the realm', async () => {
    for (const user of ['alice', 'bob', 'carol']) await signIn(user, 'acme');
    const sql = new SqlLog(db.dataSource);
    const id = randomUUID();
    const statements = await sql.of(() => revokeRealm('acme', id));
    expect(statements.filter((text) => /^(INSERT|UPDATE|DELETE)/.test(text))).toHaveLength(2);
    const record = { id, subject: '', realm: 'acme', actor: 'ops', reason: 'identity provider stolen', matched: 0 };
    expect(await records()).toMatchObject([{ ...record, epochBefore: 1, epochAfter: expect.any(Number) as number }]);
    expect(await revokeRealm('acme', id)).toBe(id);
    expect(await records()).toHaveLength(1);
    const [{ epochAfter }] = (await records()) as [Revocation];
    await revokeRealm('acme');
    expect((await records())[1]).toMatchObject({ epochBefore: epochAfter });
  });

  test('a check, and a sign-in whose realm is known, read all numbers in one statement', async () => {
    const epoch = await signIn('alice', 'acme');
    await revokeRealm('acme');
    const sql = new SqlLog(db.dataSource);
    expect(await sql.of(() => db.epochs.isCurrent('alice', epoch))).toHaveLength(1);
    expect(await sql.of(() => db.adapters('Session').find('alice'))).toHaveLength(1);
    expect(await sql.of(() => realms.epochForSignIn('alice', 'acme'))).toHaveLength(1);
  });

  test('the records of users say what credentials carry, before it and after it', async () => {
    const carried: number[] = [];
    for (const realm of ['acme', 'other', 'acme', 'new']) {
      const moved = carried.length > 0;
      if (moved) carried.push(await db.epochs.epochForSignIn('alice'));
      carried.push(await realms.epochForSignIn('alice', realm), await db.epochs.epochForSignIn('alice'));
      await db.revoke('alice');
      carried.push(await db.epochs.epochForSignIn('alice'));
      await revokeRealm(realm);
    }
    const own = (await records())
      .filter((record) => record.realm === '')
      .toSorted((a, b) => a.epochAfter - b.epochAfter);
    expect(own.flatMap(({ epochBefore, epochAfter }) => [epochBefore, epochAfter])).toEqual(
      carried.filter((_, i) => i !== 0),
    );
  });

  describe('of a user who moves', () => {
    test('ends what was made in the realm before, with a record, and reaches the user in the new one', async () => {
      const before = await signIn('alice', 'acme', 'old');
      const after = await signIn('alice', 'other', 'new');
      expect([await live('old'), await live('new')]).toEqual([[], MODELS]);
      const record = { subject: 'alice', realm: '', actor: 'sign-in', reason: 'moved to the realm other' };
      expect(await records()).toMatchObject([{ ...record, epochBefore: before, epochAfter: after }]);
      await revokeRealm('acme');
      expect(await live('new')).toEqual(MODELS);
      await revokeRealm('other');
      expect(await live('new')).toEqual([]);
    });

    test('back to a realm that was never revoked, from one that was, revives nothing', async () => {
      const first = await signIn('alice', 'quiet', 'first');
      for (let time = 0; time < 3; time += 1) {
        await signIn('alice', 'loud', `loud-${time}`);
        await revokeRealm('loud');
        await signIn('alice', 'quiet', `quiet-${time}`);
        expect([await live('first'), await live(`loud-${time}`), await live(`quiet-${time}`)]).toEqual([
          [],
          [],
          MODELS,
        ]);
        expect(await db.epochs.isCurrent('alice', first)).toBe(false);
      }
    });
  });

  test.each(['never revoked', 'revoked before'])(
    'waits for a user who leaves the realm, which was %s',
    async (when) => {
      await realms.place('alice', 'acme');
      if (when === 'revoked before') await revokeRealm('acme');
      const [done, outside]: [string[], ReturnType<typeof AsyncLocalStorage.snapshot>] = [
        [],
        AsyncLocalStorage.snapshot(),
      ];
      let revoked: Promise<unknown> | undefined;
      onCommit(db.dataSource, async (commit) => {
        if (revoked) return commit();
        revoked = outside(() => revokeRealm('acme')).then(() => done.push('revoked'));
        await sleep(200);
        await commit();
        done.push('moved');
      });
      await realms.place('alice', 'other');
      await revoked;
      // Otherwise, an epoch that alice has in between is higher than the next ones, which may reach it.
      expect(done).toEqual(['moved', 'revoked']);
    },
  );

  test('moves back and forth do not make the epoch grow forever', async () => {
    await realms.place('alice', 'loud');
    await revokeRealm('loud');
    for (let time = 0; time < 10; time += 1) await realms.place('alice', time % 2 === 0 ? 'quiet' : 'loud');
    // JavaScript has whole numbers up to about 5000 times the present.
    expect(await db.epochs.current('alice')).toBeLessThan(3 * Date.now());
  });

  test('raising all after a restored backup that lacks it exceeds every epoch since', async () => {
    const users = ['alice', 'bob'];
    for (const user of users) await realms.place(user, 'acme');
    await db.revocations.revokeEverybody({ actor: 'ops' });
    const { manager } = db.dataSource;
    const dump = await manager.find(SubjectEpoch);
    await revokeRealm('acme');
    await realms.place('bob', 'quiet');
    await db.revocations.revokeEverybody({ actor: 'ops' });
    const current = () => Promise.all(users.map(async (user) => (await db.epochs.current(user))!));
    const lost = await current();

    await manager.clear(SubjectEpoch);
    await manager.clear(RealmEpoch);
    await manager.insert(SubjectEpoch, dump);
    await inTransaction(db.dataSource, (raising) => db.epochs.raiseAll(raising), db.epochs.isolationToRaiseAll);
    for (const [i, epoch] of (await current()).entries()) expect(epoch).toBeGreaterThan(lost[i]!);
  });

  describe('that was not known', () => {
    test('is noted without ending anything while it was never revoked', async () => {
      const epoch = await signIn('alice');
      expect(await realms.epochForSignIn('alice', 'acme')).toBe(epoch);
      expect([await live('alice'), await records()]).toEqual([MODELS, []]);
      await revokeRealm('acme');
      expect(await live('alice')).toEqual([]);
    });

    test('ends, when it becomes known, what its revocation did not reach', async () => {
      await signIn('alice');
      await revokeRealm('acme');
      expect(await live('alice')).toEqual(MODELS);
      await realms.place('alice', 'acme');
      expect(await live('alice')).toEqual([]);
      expect((await records()).map(({ subject }) => subject)).toEqual(['', 'alice']);
      await signIn('alice', 'acme', 'again');
      expect(await live('again')).toEqual(MODELS);
    });

    test('two nodes that learn of it at the same time agree', async () => {
      const users = Array.from({ length: 10 }, (_, i) => `person-${i}`);
      const all = users.flatMap((user) => [realms.epochForSignIn(user, 'acme'), realms.epochForSignIn(user, 'acme')]);
      const epochs = await Promise.all(all);
      for (const i of users.keys()) expect(epochs[2 * i]).toBe(epochs[2 * i + 1]);
      expect(await records()).toEqual([]);
    });
  });

  test('ends credentials from before the module, of users who were placed', async () => {
    await realms.place('alice', 'acme');
    for (const user of ['alice', 'bob']) await save(user, FROM_BEFORE);
    const isLive = (user: string) => db.epochs.isCurrent(user, null, { withoutEpoch: 'until-revoked' });
    expect([await live('alice'), await isLive('alice')]).toEqual([MODELS, true]);
    await revokeRealm('acme');
    expect([await live('alice'), await isLive('alice')]).toEqual([[], false]);
    expect([await live('bob'), await isLive('bob')]).toEqual([MODELS, true]);
  });

  test('the sweep ends and counts only what is dead', async () => {
    for (const user of ['alice', 'bob']) await signIn(user, 'acme');
    await signIn('carol', 'other');
    const revocation = await db.dataSource.manager.findOneByOrFail(Revocation, { id: await revokeRealm('acme') });
    const sweeping = new RecordSweep(db.dataSource);
    const sum = { sessions: 0, tokens: 0 };
    for (let isDone = false; !isDone;) {
      const batch = await db.dataSource.transaction((manager) => sweeping.sweep(manager, revocation, 4));
      isDone = batch.isDone;
      sum.sessions += batch.sessions;
      sum.tokens += batch.tokens;
    }
    expect([sum, await live('carol')]).toEqual([{ sessions: 2, tokens: 2 }, MODELS]);
  });

  test('ends the sessions of relying parties, which are told, and not those of users of other realms or none', async () => {
    const participants = new Participants(db.dataSource, db.deadline);
    const remember = (subject: string, epoch: number): Promise<void> =>
      participants.remember({ subject, clientId: 'shop', sid: 'old', epoch, expiresAt: Date.now() + 3_600_000 });
    for (const [subject, realm] of [
      ['alice', 'acme'],
      ['bob', 'other'],
    ] as const) {
      await remember(subject, await realms.epochForSignIn(subject, realm));
      await remember(`${subject} from before`, FROM_BEFORE);
      await realms.place(`${subject} from before`, realm);
    }
    await remember('unknown', FROM_BEFORE);
    await revokeRealm('acme');
    const told = (await participants.ended('acme')).ended.map(({ subject }) => subject);
    expect(told.toSorted()).toEqual(['alice', 'alice from before']);
  });

  test('an epoch is never used twice, whatever happens to a user and to realms', async () => {
    const alice = 'alice';
    let run = 0;
    const steps = {
      revoke: () => db.revoke(alice),
      everybody: () => db.revocations.revokeEverybody({ actor: 'ops' }),
      realm: (name: string) => revokeRealm(name),
      move: (name: string) => realms.place(alice, name),
    };
    const step = fc.tuple(fc.constantFrom('revoke', 'everybody', 'realm', 'move'), fc.constantFrom('a', 'b', 'c'));
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 12 }), async (history) => {
        run += 1; // with realms that were never revoked
        let [last, place] = [await db.epochs.epochForSignIn(alice), await realmOf(alice)];
        for (const [kind, letter] of history) {
          const name = `${letter}${run}`;
          await steps[kind as keyof typeof steps](name);
          const [now, isIn] = [await db.epochs.epochForSignIn(alice), await realmOf(alice)];
          const mayStay =
            (kind === 'realm' && subjectKey(name) !== place) || (kind === 'move' && (isIn === place || !place));
          if (mayStay) expect(now).toBeGreaterThanOrEqual(last);
          else expect(now).toBeGreaterThan(last);
          [last, place] = [now, isIn];
        }
      }),
      { numRuns: 12 },
    );
  });
  const realmOf = async (subject: string): Promise<string | null> =>
    (await db.dataSource.manager.findOneByOrFail(SubjectEpoch, { subjectHash: subjectKey(subject) })).realmHash;

  test('at the same time as others, sign-ins and moves, leaves nothing alive from before', async () => {
    const users = Array.from({ length: 12 }, (_, i) => `person-${i}`);
    const before = await Promise.all(users.map((user) => realms.epochForSignIn(user, 'acme')));
    await Promise.all([
      ...users.map((user, i) => (i % 2 === 0 ? realms.place(user, 'other') : db.revoke(user))),
      ...[1, 2, 3].map(() => revokeRealm('acme')),
      ...users.map((user) => db.epochs.epochForSignIn(user)),
    ]);
    const areCurrent = await Promise.all(users.map((user, i) => db.epochs.isCurrent(user, before[i])));
    expect(areCurrent).not.toContain(true);
    const places = await Promise.all(users.map(realmOf));
    expect(places).toEqual(users.map((_, i) => subjectKey(i % 2 === 0 ? 'other' : 'acme')));
    const chain = (await records())
      .filter(({ realm }) => realm === 'acme')
      .toSorted((a, b) => a.epochAfter - b.epochAfter);
    expect(chain.map(({ epochBefore }) => epochBefore)).toEqual([1, ...chain.slice(0, -1).map((r) => r.epochAfter)]);
  });

  test.each([
    ['empty', ''],
    ['longer than 255 characters', 'x'.repeat(256)],
    ['longer than 255 characters in NFC', '\u0958'.repeat(200)],
    ['longer than 255 characters, of which most are one letter', `acme${'\u0301'.repeat(600)}`],
    ['only spaces, which MySQL takes for no realm', ' '],
    ['that of all users', 'everybody'],
    ['not a text', 7 as unknown as string],
  ])('a name that is %s is refused before anything is written', async (_what, realm) => {
    await expect(revokeRealm(realm)).rejects.toThrow(TypeError);
    await expect(realms.epochForSignIn('alice', realm)).rejects.toThrow(TypeError);
    expect(await db.dataSource.manager.count(SubjectEpoch)).toBe(0);
  });

  test('names are compared in NFC, and any character is recorded', async () => {
    await signIn('alice', 'Zürich\0 🏔'.normalize('NFD'));
    await revokeRealm('Zürich\0 🏔'.normalize('NFC'));
    expect([await live('alice'), (await records())[0]!.realm]).toEqual([[], 'Zürich\uFFFD 🏔']);
  });
});
