import { randomUUID } from 'node:crypto';
import { beforeEach, expect, test } from 'vitest';
import type { EntityManager } from 'typeorm';
import { Participants } from '../../../src/module/backchannel-logout/participants.js';
import { inheritEpoch, runInEpochContext } from '../../../src/module/oidc-provider/epoch-context.js';
import { OidcRecord } from '../../../src/module/oidc-provider/oidc-record.entity.js';
import { RecordSweep } from '../../../src/module/oidc-provider/record-sweep.js';
import { EVERYBODY_REALM } from '../../../src/module/options/revocation-listener.js';
import { FROM_BEFORE } from '../../../src/module/revocation/live-epoch.js';
import { Revocation } from '../../../src/module/revocation/revocation.entity.js';
import { RevocationSweep } from '../../../src/module/revocation/sweep/revocation-sweep.js';
import { RevocationTargets } from '../../../src/module/revocation/targets/revocation-targets.js';
import { subjectKey } from '../../../src/module/revocation/subject-epochs.js';
import { describeEachDatabase } from '../../support/databases.js';
import { SqlLog } from '../endpoint/sql-log.js';
import { openForTest, type OpenDatabase } from '../database/open-database.js';

const MODELS = ['Session', 'Grant', 'RefreshToken'];

describeEachDatabase('a revocation of everybody', (database) => {
  let db: OpenDatabase;

  beforeEach(async () => {
    db = await openForTest(database);
  });

  const revokeEverybody = (recordId?: string): Promise<string> =>
    db.revocations.revokeEverybody({ actor: 'ops', reason: 'key leaked', ...(recordId && { recordId }) });

  const save = (subject: string, epoch: number, id = subject): Promise<void> =>
    runInEpochContext(async () => {
      inheritEpoch(subject, epoch);
      for (const model of MODELS) await db.adapters(model).upsert(id, { accountId: subject, uid: id }, 600);
    });

  /** Somebody who signs in. @returns the epoch */
  async function signIn(subject: string, id = subject): Promise<number> {
    const epoch = await db.epochs.epochForSignIn(subject);
    await save(subject, epoch, id);
    return epoch;
  }

  const live = async (id: string): Promise<string[]> => {
    const found = await Promise.all(MODELS.map((model) => db.adapters(model).find(id)));
    return MODELS.filter((_, i) => found[i] !== undefined);
  };

  /** Sweeps all of it; each transaction fails once. */
  const sweep = async (id: string, limit: number) => {
    const revocation = await db.dataSource.manager.findOneByOrFail(Revocation, { id });
    const sweeping = new RecordSweep(db.dataSource);
    const sum = { sessions: 0, tokens: 0, batches: 0 };
    for (let isDone = false; !isDone; sum.batches += 1) {
      const next = (manager: EntityManager) => sweeping.sweep(manager, revocation, limit);
      const failed = db.dataSource.transaction((manager) =>
        next(manager).then(() => Promise.reject(new Error('killed'))),
      );
      await expect(failed).rejects.toThrow('killed');
      const batch = await db.dataSource.transaction(next);
      isDone = batch.isDone;
      sum.sessions += batch.sessions;
      sum.tokens += batch.tokens;
    }
    return sum;
  };

  test('ends what all users have, and not what they get by signing in again, each time', async () => {
    for (const [a, b] of ['12', '34', '56'] as const) {
      const [alice, bob] = [await signIn('alice', a), await signIn('bob', b)];
      expect([await live(a!), await live(b!)]).toEqual([MODELS, MODELS]);
      expect([await db.epochs.isCurrent('alice', alice), await db.epochs.isCurrent('bob', bob)]).toEqual([true, true]);
      await revokeEverybody();
      expect([await live(a!), await live(b!)]).toEqual([[], []]);
      expect(await db.epochs.isCurrent('alice', alice)).toBe(false);
      expect(await db.epochs.areLive(new Map([[subjectKey('bob'), bob]]))).toBe(false);
    }
  });

  test('ends credentials that are created afterwards from an earlier credential or first factor', async () => {
    const [alice, newcomer] = [await signIn('alice'), await db.epochs.epochForSignIn('newcomer')];
    await runInEpochContext(async () => {
      await db.adapters('RefreshToken').find('alice');
      await revokeEverybody();
      await db.adapters('RefreshToken').upsert('child', { accountId: 'alice' }, 600);
    });
    await save('newcomer', newcomer);
    expect([await live('child'), await live('newcomer')]).toEqual([[], []]);
    expect(await db.epochs.epochForSignIn('alice')).toBeGreaterThan(alice);
  });

  test('a CIBA request from before the revocation accepts no result', async () => {
    const epoch = await db.epochs.epochForSignIn('alice');
    const store = (payload: object): Promise<unknown> =>
      runInEpochContext(async () => {
        inheritEpoch('alice', epoch);
        const requests = db.adapters('BackchannelAuthenticationRequest');
        await requests.upsert('request', { accountId: 'alice', ...payload }, 600);
      });
    await store({});
    await revokeEverybody();
    await expect(store({ grantId: 'grant' })).rejects.toThrow('invalid_grant');
  });

  test('ends credentials from before the module, of users with and without a row', async () => {
    await db.epochs.epochForSignIn('bob');
    for (const user of ['alice', 'bob']) await save(user, FROM_BEFORE);
    const isLive = (user: string) => db.epochs.isCurrent(user, null, { withoutEpoch: 'until-revoked' });
    expect([await live('alice'), await isLive('alice'), await isLive('bob')]).toEqual([MODELS, true, true]);
    await revokeEverybody();
    expect([await live('alice'), await isLive('alice'), await isLive('bob')]).toEqual([[], false, false]);
  });

  test('writes one row, whatever the number of users, and one record that names the realm', async () => {
    for (const user of ['alice', 'bob', 'carol']) await signIn(user);
    const sql = new SqlLog(db.dataSource);
    const id = randomUUID();
    const statements = await sql.of(() => revokeEverybody(id));
    expect(statements.filter((text) => /^(INSERT|UPDATE|DELETE)/.test(text))).toHaveLength(2);
    const record = { id, subject: '', realm: 'everybody', actor: 'ops', reason: 'key leaked', method: 'in_process' };
    expect(await db.dataSource.manager.find(Revocation)).toMatchObject([{ ...record, matched: 0, epochBefore: 1 }]);
    expect(await revokeEverybody(id)).toBe(id);
    expect(await db.dataSource.manager.find(Revocation)).toHaveLength(1);
  });

  test('a check of a user reads both numbers in one statement', async () => {
    const epoch = await signIn('alice');
    await revokeEverybody();
    const sql = new SqlLog(db.dataSource);
    expect(await sql.of(() => db.epochs.isCurrent('alice', epoch))).toHaveLength(1);
    expect(await sql.of(() => db.adapters('Session').find('alice'))).toHaveLength(1);
  });

  test('the records of users say what credentials carry, before it and after it', async () => {
    const ids: string[] = [];
    const carried: number[] = [];
    for (let time = 0; time < 2; time += 1) {
      carried.push(await signIn('alice'));
      ids.push(await db.revoke('alice'));
      carried.push(await db.epochs.epochForSignIn('alice'));
      await revokeEverybody();
    }
    await db.revoke('nobody');
    const records = await Promise.all(ids.map((id) => db.dataSource.manager.findOneByOrFail(Revocation, { id })));
    expect(records.flatMap(({ epochBefore, epochAfter }) => [epochBefore, epochAfter])).toEqual(carried);
    expect(await db.dataSource.manager.findOneBy(Revocation, { subject: 'nobody' })).toMatchObject({ epochBefore: 1 });
  });

  test('the sweep reads all records in small parts, and ends and counts only what is dead', async () => {
    for (const user of ['alice', 'bob', 'carol']) await signIn(user);
    await save('dave', FROM_BEFORE);
    const id = await revokeEverybody();
    await save('alice', await db.epochs.epochForSignIn('alice'), 'again');
    await db.adapters('Session').upsert('nobody', { uid: 'nobody' }, 600);
    expect(await sweep(id, 3)).toEqual({ sessions: 4, tokens: 4, batches: expect.any(Number) as number });
    expect([await live('again'), await live('alice')]).toEqual([MODELS, []]);
    expect(await db.adapters('Session').find('nobody')).toBeDefined();
    // sessions stay for a page that says where to start again, and are counted once
    expect(await db.dataSource.manager.countBy(OidcRecord, { kind: 'Session' })).toBe(6);
    expect(await sweep(id, 100)).toEqual({ sessions: 0, tokens: 0, batches: 1 });
  });

  test('the sweep comes to users first', async () => {
    const everybody = await revokeEverybody();
    const alice = await db.revoke('alice');
    const sweeping = new RevocationSweep(db.dataSource, new RevocationTargets(db.dataSource, { targets: [] }), []);
    const due = await Promise.all([sweeping.due(0, undefined), sweeping.due(0, undefined, true)]);
    expect(due.map((each) => each?.id)).toEqual([alice, everybody]);
  });

  test('ends the sessions of all relying parties, which are told', async () => {
    const participants = new Participants(db.dataSource, db.deadline);
    const remember = async (subject: string, sid: string): Promise<void> => {
      const epoch = await db.epochs.epochForSignIn(subject);
      await participants.remember({ subject, clientId: 'shop', sid, epoch, expiresAt: Date.now() + 3_600_000 });
    };
    for (const user of ['alice', 'bob']) await remember(user, 'old');
    expect((await participants.ended(EVERYBODY_REALM)).ended).toEqual([]);
    await revokeEverybody();
    await remember('bob', 'new');
    const { ended } = await participants.ended(EVERYBODY_REALM);
    expect(ended.map(({ subject }) => subject).toSorted()).toEqual(['alice', 'bob']);
    expect(await participants.sessions('bob', 'shop')).toEqual({ ended: ['old'], hasNewer: true });
  });

  test('at the same time as others and as revocations of users, each has a record and an epoch of its own', async () => {
    const users = Array.from({ length: 12 }, (_, i) => `person-${i}`);
    const before = await Promise.all(users.map((user) => db.epochs.epochForSignIn(user)));
    await Promise.all(users.flatMap((user, i) => [db.revoke(user), ...(i % 3 === 0 ? [revokeEverybody()] : [])]));
    const all = await db.dataSource.manager.findBy(Revocation, { realm: 'everybody' });
    const chain = all.toSorted((a, b) => a.epochAfter - b.epochAfter);
    expect(chain.map(({ epochBefore }) => epochBefore)).toEqual([1, ...chain.slice(0, -1).map((r) => r.epochAfter)]);
    expect(await db.dataSource.manager.countBy(Revocation, { realm: '' })).toBe(12);
    const areCurrent = await Promise.all(users.map((user, i) => db.epochs.isCurrent(user, before[i])));
    expect(areCurrent).not.toContain(true);
  });
});
