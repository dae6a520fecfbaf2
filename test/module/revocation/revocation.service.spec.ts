import { afterAll, beforeAll, expect, test } from 'vitest';
import { RevocationError } from '../../../src/module/revocation.errors.js';
import { Revocation } from '../../../src/module/revocation/revocation.entity.js';
import { SubjectEpoch } from '../../../src/module/revocation/subject-epoch.entity.js';
import { subjectKey } from '../../../src/module/revocation/subject-epochs.js';
import { openDatabase, type OpenDatabase } from '../database/open-database.js';
import { describeEachDatabase } from '../../support/databases.js';

describeEachDatabase('revocation in process', (database) => {
  let db: OpenDatabase;
  let nth = 0;

  beforeAll(async () => {
    db = await openDatabase(database);
  });
  afterAll(() => db.close());

  const someone = (): string => `person-${(nth += 1)}`;
  const recordsOf = (subject: string) => db.dataSource.getRepository(Revocation).findBy({ subject });

  test('a host revokes a user → exactly one record that says who, why and which epochs', async () => {
    const alice = someone();
    const epochBefore = await db.epochs.epochForSignIn(alice);
    const before = Date.now();
    const id = await db.revocations.revoke(alice, { actor: 'account-settings', reason: 'password changed' });

    expect(await recordsOf(alice)).toEqual([
      {
        id,
        subject: alice,
        subjectHash: subjectKey(alice),
        actor: 'account-settings',
        reason: 'password changed',
        method: 'in_process',
        keyId: '',
        format: '',
        identifierHash: '',
        requestId: '',
        matched: 1,
        sourceIp: '',
        sessions: 0,
        tokens: 0,
        completedAt: null,
        targetBounds: null,
        targetsLeft: 0,
        epochBefore,
        epochAfter: await db.epochs.current(alice),
        createdAt: expect.toSatisfy((time: number) => time >= before && time <= Date.now()) as number,
      },
    ]);
    expect(await db.epochs.current(alice)).toBeGreaterThan(epochBefore);
  });

  test('a user who never signed in → revoked too: record from 0, and the epoch is there', async () => {
    const nobody = someone();
    await db.revoke(nobody);
    const [record] = await recordsOf(nobody);
    expect(record).toMatchObject({ epochBefore: 0, epochAfter: await db.epochs.current(nobody), reason: '' });
  });

  test('the same user revoked 50 times at once → 50 records, each from the epoch of the one before', async () => {
    const alice = someone();
    const first = await db.epochs.epochForSignIn(alice);
    const ids = await Promise.all(Array.from({ length: 50 }, () => db.revoke(alice)));
    const records = (await recordsOf(alice)).toSorted((a, b) => a.epochAfter - b.epochAfter);

    expect(new Set(records.map(({ id }) => id))).toEqual(new Set(ids));
    const after = records.map(({ epochAfter }) => epochAfter);
    expect(new Set(after).size).toBe(50);
    expect(records.map(({ epochBefore }) => epochBefore)).toEqual([first, ...after.slice(0, -1)]);
  });

  test('the record cannot be written → refused, and the epoch is what it was', async () => {
    const alice = someone();
    const before = await db.epochs.epochForSignIn(alice);
    await db.dataSource.query('ALTER TABLE gtr_revocation RENAME TO gtr_revocation_away');
    const failing = db.revoke(alice);
    await expect(failing).rejects.toMatchObject({ reason: 'unavailable' });
    await db.dataSource.query('ALTER TABLE gtr_revocation_away RENAME TO gtr_revocation');

    expect(await db.epochs.current(alice)).toBe(before);
    expect(await recordsOf(alice)).toEqual([]);
  });

  test('who and why longer than their columns → cut, and the user is revoked', async () => {
    const alice = someone();
    await db.revocations.revoke(alice, { actor: 'a'.repeat(300), reason: '😀'.repeat(300) });
    const [record] = await recordsOf(alice);
    expect(record!.actor).toBe('a'.repeat(255));
    expect(record!.reason.length).toBeLessThanOrEqual(255);
  });

  test.each([
    ['no text', ''],
    ['of 256 characters', 's'.repeat(256)],
    ['undefined', undefined],
    ['a number', 42],
    ['null', null],
    ['an object', {}],
  ] as Array<[string, unknown]>)(
    'a subject that is %s → notRevocable, and nothing is written',
    async (_title, subject) => {
      const count = () =>
        Promise.all([db.dataSource.manager.count(Revocation), db.dataSource.manager.count(SubjectEpoch)]);
      const before = await count();
      const refused = db.revoke(subject as string);
      await expect(refused).rejects.toBeInstanceOf(RevocationError);
      await expect(refused).rejects.toMatchObject({ reason: 'notRevocable' });
      expect(await count()).toEqual(before);
    },
  );

  test('a subject that is a number → the details say what it must be', async () => {
    await expect(db.revoke(1 as never)).rejects.toMatchObject({
      details: expect.stringContaining('String(user.id)') as unknown,
    });
  });

  test('a subject of 255 characters, any script → revoked under exactly that name', async () => {
    const longest = 'ö😀'.repeat(85);
    expect(longest.length).toBe(255);
    await db.revoke(longest);
    expect(await recordsOf(longest)).toMatchObject([{ subject: longest }]);
  });
});
