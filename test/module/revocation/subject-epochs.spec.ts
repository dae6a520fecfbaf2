import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { inheritEpoch, runInEpochContext } from '../../../src/module/oidc-provider/index.js';
import { DatabaseDeadline } from '../../../src/module/database/deadline.js';
import { SubjectEpoch } from '../../../src/module/revocation/subject-epoch.entity.js';
import { subjectKey } from '../../../src/module/revocation/subject-epochs.js';
import { databaseFixture } from '../database/open-database.js';
import { withoutTable } from '../endpoint/sql-log.js';
import { describeEachDatabase } from '../../support/databases.js';

const HOUR = 3_600_000;
const TIMES = 64;

describeEachDatabase('epoch of a user', (database) => {
  const db = databaseFixture(database);
  let nth = 0;

  const someone = (): string => `person-${(nth += 1)}`;
  const rows = () => db.dataSource.getRepository(SubjectEpoch);
  const keyOf = (subject: string) => ({ subjectHash: subjectKey(subject) });

  /** Raises it in a transaction of its own and reads there what it has become. */
  const raise = (subject: string): Promise<number> =>
    new DatabaseDeadline(30_000).run(() =>
      db.dataSource.transaction(async (manager) => {
        await db.epochs.raise(manager, subject);
        return (await manager.findOneByOrFail(SubjectEpoch, keyOf(subject))).epoch;
      }),
    );

  const raiseOften = (subject: string): Promise<number[]> =>
    Promise.all(Array.from({ length: TIMES }, () => raise(subject)));

  const save = (subject: string): Promise<unknown> =>
    runInEpochContext(async () => {
      inheritEpoch(subject, await db.epochs.epochForSignIn(subject));
      await db.adapters('AccessToken').upsert(subject, { accountId: subject }, 600);
    });

  test('R7: 64 simultaneous raises return 64 distinct higher values, and the highest stays', async () => {
    const alice = someone();
    const before = await db.epochs.epochForSignIn(alice);
    const values = await raiseOften(alice);
    expect(new Set(values).size).toBe(TIMES);
    expect(Math.min(...values)).toBeGreaterThan(before);
    expect(await db.epochs.current(alice)).toBe(Math.max(...values));
  });

  test('R7: 64 simultaneous raises while the database clock lags return consecutive unused values', async () => {
    const alice = someone();
    const ahead = (await db.epochs.epochForSignIn(alice)) + HOUR;
    await rows().update(keyOf(alice), { epoch: ahead });
    const values = await raiseOften(alice);
    expect(values.toSorted((a, b) => a - b)).toEqual(Array.from({ length: TIMES }, (_, n) => ahead + 1 + n));
  });

  test('R7: a raise after a restored backup exceeds every value used since', async () => {
    const alice = someone();
    const backup = await db.epochs.epochForSignIn(alice);
    const used = [await raise(alice), await raise(alice), await raise(alice)];
    await rows().update(keyOf(alice), { epoch: backup });
    await sleep(20); // a value is one millisecond at most, and bringing back a backup takes longer than three
    expect(await raise(alice)).toBeGreaterThan(Math.max(...used));
  });

  test('R7: 64 simultaneous first raises of a user without a row return 64 values', async () => {
    expect(new Set(await raiseOften(someone())).size).toBe(TIMES);
  });

  test.each<[name: string, accountId: unknown]>([
    ['a number', 1],
    ['undefined', undefined],
    ['empty', ''],
  ])('rejects an account ID that is %s and creates no row', async (_name, accountId) => {
    const before = await rows().count();
    const refusal = new TypeError('account id must be a non-empty string: `String(user.id)`');
    for (const ask of ['epochForSignIn', 'current', 'isCurrent'] as const) {
      await expect(db.epochs[ask](accountId as string, 0)).rejects.toEqual(refusal);
    }
    expect(await rows().count()).toBe(before);
  });

  test('64 simultaneous first reads create one row with one value, and later reads keep it', async () => {
    const alice = someone();
    const values = await Promise.all(Array.from({ length: TIMES }, () => db.epochs.epochForSignIn(alice)));
    expect(new Set([...values, await db.epochs.epochForSignIn(alice)]).size).toBe(1);
    expect(await rows().countBy(keyOf(alice))).toBe(1);
  });

  test('a missing row revokes everything of the user, and a new row does not bring it back', async () => {
    const alice = someone();
    await save(alice);
    const { adapters } = db;
    expect(await adapters('AccessToken').find(alice)).toBeDefined();

    await rows().delete(keyOf(alice));
    expect(await db.epochs.current(alice)).toBeUndefined();
    expect(await adapters('AccessToken').find(alice)).toBeUndefined();

    await db.epochs.epochForSignIn(alice);
    expect(await adapters('AccessToken').find(alice)).toBeUndefined();
  });

  test('a raise that is rolled back keeps the epoch and all live records', async () => {
    const alice = someone();
    await save(alice);
    const before = await db.epochs.current(alice);
    const failing = db.dataSource.transaction(async (manager) => {
      await db.epochs.raise(manager, alice);
      throw new Error('changed my mind');
    });
    await expect(failing).rejects.toThrow('changed my mind');
    expect(await db.epochs.current(alice)).toBe(before);
    expect(await db.adapters('AccessToken').find(alice)).toBeDefined();
  });

  test('subjects that differ in case, accent or trailing spaces have separate epochs', async () => {
    await save('Zoe');
    for (const other of ['zoe', 'Zoé', 'Zoe ']) await db.revoke(other);
    expect(await db.adapters('AccessToken').find('Zoe')).toBeDefined();
  });

  test('an epoch is current until the user is revoked, as a number and as text', async () => {
    const alice = someone();
    const epoch = await db.epochs.epochForSignIn(alice);
    for (const given of [epoch, String(epoch)]) expect(await db.epochs.isCurrent(alice, given)).toBe(true);
    await db.revoke(alice);
    for (const given of [epoch, String(epoch)]) expect(await db.epochs.isCurrent(alice, given)).toBe(false);
    expect(await db.epochs.isCurrent(alice, await db.epochs.epochForSignIn(alice))).toBe(true);
  });

  test.each([undefined, null, '', 0, -1, NaN, 'undefined', 'null', '0', ' ', true, [], {}] as Array<number | string>)(
    'the epoch %j is not current, with or without a row of the user',
    async (epoch) => {
      const [alice, nobody] = [someone(), someone()];
      await db.epochs.epochForSignIn(alice);
      expect(await db.epochs.isCurrent(alice, epoch)).toBe(false);
      expect(await db.epochs.isCurrent(nobody, epoch)).toBe(false);
    },
  );

  test('an epoch that is off by one or of another user is not current', async () => {
    const [alice, bob] = [someone(), someone()];
    const epoch = await db.epochs.epochForSignIn(alice);
    await db.epochs.epochForSignIn(bob);
    for (const other of [epoch + 1, epoch - 1, `${epoch}.0`, ` ${epoch}`, `0${epoch}`, `${epoch}x`]) {
      expect(await db.epochs.isCurrent(alice, other)).toBe(false);
    }
    await db.revoke(bob);
    expect(await db.epochs.isCurrent(bob, epoch)).toBe(false);
  });

  test('fails as unavailable when epochs cannot be read', async () => {
    const alice = someone();
    const epoch = await db.epochs.epochForSignIn(alice);
    await withoutTable(db.dataSource, 'gtr_subject_epoch', async () => {
      const asked = db.epochs.isCurrent(alice, epoch);
      await expect(asked).rejects.toMatchObject({ reason: 'unavailable', statusCode: 503 });
    });
  });
});
