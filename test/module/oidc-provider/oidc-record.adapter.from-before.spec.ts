import { expect, test } from 'vitest';
import { inheritEpoch, inheritedEpochs, runInEpochContext } from '../../../src/module/oidc-provider/epoch-context.js';
import { OidcRecord } from '../../../src/module/oidc-provider/oidc-record.entity.js';
import { RecordSweep } from '../../../src/module/oidc-provider/record-sweep.js';
import { Revocation } from '../../../src/module/revocation/revocation.entity.js';
import { EVERYBODY, FROM_BEFORE } from '../../../src/module/revocation/live-epoch.js';
import { SubjectEpoch } from '../../../src/module/revocation/subject-epoch.entity.js';
import { subjectKey } from '../../../src/module/revocation/subject-epochs.js';
import { describeEachDatabase } from '../../support/databases.js';
import { databaseFixture } from '../database/open-database.js';

const MODELS = ['Session', 'Grant', 'RefreshToken', 'AccessToken'];

describeEachDatabase('records with epoch 0, from before the module', (database) => {
  const db = databaseFixture(database);
  let nth = 0;

  const save = (subject: string, id: string, epoch: number): Promise<unknown> =>
    runInEpochContext(async () => {
      inheritEpoch(subject, epoch);
      for (const model of MODELS) await db.adapters(model).upsert(id, { accountId: subject, uid: id }, 600);
    });

  /** A user with records from before, who may have signed in since. */
  async function someone(hasSignedIn: boolean): Promise<string> {
    const subject = `person-${(nth += 1)}`;
    await save(subject, subject, FROM_BEFORE);
    if (hasSignedIn) await db.epochs.epochForSignIn(subject);
    return subject;
  }

  const live = async (id: string): Promise<string[]> => {
    const found = await Promise.all(MODELS.map((model) => db.adapters(model).find(id)));
    return MODELS.filter((_, i) => found[i] !== undefined);
  };

  const isLive = (subject: string): Promise<boolean> =>
    db.epochs.areLive(new Map([[subjectKey(subject), FROM_BEFORE]]));

  const sweep = async (id: string) => {
    const revocation = await db.dataSource.manager.findOneByOrFail(Revocation, { id });
    const sweeping = new RecordSweep(db.dataSource);
    return db.dataSource.transaction((manager) => sweeping.sweep(manager, revocation, 100));
  };

  const counted = (subject: string): Promise<unknown> => new RecordSweep(db.dataSource).count(subjectKey(subject));

  test.each([false, true])(
    'are live, counted and swept with the first revocation (user signed in since: %s)',
    async (hasSignedIn) => {
      const [alice, bob] = [await someone(hasSignedIn), await someone(hasSignedIn)];
      expect(await live(alice)).toEqual(MODELS);
      expect(await isLive(alice)).toBe(true);
      expect(await counted(alice)).toEqual({ sessions: 1, tokens: 2 });

      const id = await db.revoke(alice);
      expect(await live(alice)).toEqual([]);
      expect(await isLive(alice)).toBe(false);
      expect(await counted(alice)).toEqual({ sessions: 0, tokens: 0 });
      expect(await sweep(id)).toEqual({ sessions: 1, tokens: 2, isDone: true });

      expect(await sweep(id)).toEqual({ sessions: 0, tokens: 0, isDone: true });
      const left = await db.dataSource.manager.findBy(OidcRecord, { subjectHash: subjectKey(alice) });
      expect(left.map(({ kind }) => kind)).toEqual(['Session']); // a page may still read it
      expect(await live(bob)).toEqual(MODELS);
      expect(await isLive(bob)).toBe(true);
    },
  );

  test('pass on epoch 0, even if the user signs in again in the same request', async () => {
    const alice = await someone(true);
    const current = await db.epochs.epochForSignIn(alice);
    await runInEpochContext(async () => {
      await db.adapters('Session').find(alice);
      inheritEpoch(alice, current);
      expect(inheritedEpochs().get(subjectKey(alice))).toBe(FROM_BEFORE);
      await db.adapters('AccessToken').upsert('child of 0', { accountId: alice }, 600);
    });
    expect(await db.adapters('AccessToken').find('child of 0')).toBeDefined();
    await db.revoke(alice);
    expect(await db.adapters('AccessToken').find('child of 0')).toBeUndefined();
  });

  test('saved after a revocation are dead, and a sign-in does not revive them', async () => {
    const alice = await someone(false);
    await db.revoke(alice);
    await save(alice, `${alice} late`, FROM_BEFORE);
    await db.epochs.epochForSignIn(alice);
    expect([...(await live(alice)), ...(await live(`${alice} late`))]).toEqual([]);
  });

  test('a CIBA request takes a result until its user is revoked', async () => {
    const alice = await someone(false);
    const requests = db.adapters('BackchannelAuthenticationRequest');
    const answer = (id: string): Promise<unknown> =>
      runInEpochContext(async () => {
        inheritEpoch(alice, FROM_BEFORE);
        await requests.upsert(id, { accountId: alice, grantId: 'grant' }, 600);
      });
    for (const id of ['in time', 'late']) {
      await runInEpochContext(async () => {
        inheritEpoch(alice, FROM_BEFORE);
        await requests.upsert(id, { accountId: alice }, 600);
      });
    }
    await answer('in time');
    expect(await requests.find('in time')).toMatchObject({ grantId: 'grant' });
    await db.revoke(alice);
    await expect(answer('late')).rejects.toThrow('invalid_grant');
  });

  test('a record without an epoch is dead: 0 alone means from before', async () => {
    const alice = await someone(false);
    await db.dataSource.manager.update(OidcRecord, { subjectHash: subjectKey(alice) }, { epoch: null });
    expect(await live(alice)).toEqual([]);
  });

  test('raising everybody ends those of all users, with and without a row', async () => {
    const users = [await someone(false), await someone(true)];
    await db.dataSource.transaction((manager) => db.epochs.raiseAll(manager));
    for (const user of users) {
      expect(await live(user)).toEqual([]);
      expect(await isLive(user)).toBe(false);
      expect(await counted(user)).toEqual({ sessions: 0, tokens: 0 });
    }
    await db.dataSource.manager.delete(SubjectEpoch, { subjectHash: EVERYBODY });
  });
});
