import { expect, test } from 'vitest';
import { RevocationError } from '../../../src/module/revocation.errors.js';
import { Revocation } from '../../../src/module/revocation/revocation.entity.js';
import { SubjectEpoch } from '../../../src/module/revocation/subject-epoch.entity.js';
import { subjectKey } from '../../../src/module/revocation/subject-epochs.js';
import { databaseFixture } from '../database/open-database.js';
import { describeEachDatabase } from '../../support/databases.js';

describeEachDatabase('draft-06 §3.3, §A.3: in-process revocation', (database) => {
  const db = databaseFixture(database);
  let nth = 0;

  const someone = (): string => `person-${(nth += 1)}`;
  const recordsOf = (subject: string) => db.dataSource.getRepository(Revocation).findBy({ subject });

  test('a revocation writes exactly one record with actor, reason and epochs', async () => {
    const alice = someone();
    const epochBefore = await db.epochs.epochForSignIn(alice);
    const before = Date.now();
    const id = await db.revocations.revoke(alice, { actor: 'account-settings', reason: 'password changed' });

    expect(await recordsOf(alice)).toEqual([
      {
        id,
        subject: alice,
        realm: '',
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
        toNotify: null,
        epochBefore,
        epochAfter: await db.epochs.current(alice),
        createdAt: expect.toSatisfy((time: number) => time >= before && time <= Date.now()) as number,
      },
    ]);
    expect(await db.epochs.current(alice)).toBeGreaterThan(epochBefore);
  });

  test('revokes a user who never signed in, from epoch 0', async () => {
    const nobody = someone();
    await db.revoke(nobody);
    const [record] = await recordsOf(nobody);
    expect(record).toMatchObject({ epochBefore: 1, epochAfter: await db.epochs.current(nobody), reason: '' });
  });

  test('50 simultaneous revocations of a user write 50 records with consecutive epochs', async () => {
    const alice = someone();
    const first = await db.epochs.epochForSignIn(alice);
    const ids = await Promise.all(Array.from({ length: 50 }, () => db.revoke(alice)));
    const records = (await recordsOf(alice)).toSorted((a, b) => a.epochAfter - b.epochAfter);

    expect(new Set(records.map(({ id }) => id))).toEqual(new Set(ids));
    const after = records.map(({ epochAfter }) => epochAfter);
    expect(new Set(after).size).toBe(50);
    expect(records.map(({ epochBefore }) => epochBefore)).toEqual([first, ...after.slice(0, -1)]);
  });

  test('fails and keeps the epoch when the record cannot be written', async () => {
    const alice = someone();
    const before = await db.epochs.epochForSignIn(alice);
    await db.dataSource.query('ALTER TABLE gtr_revocation RENAME TO gtr_revocation_away');
    const failing = db.revoke(alice);
    await expect(failing).rejects.toMatchObject({ reason: 'unavailable' });
    await db.dataSource.query('ALTER TABLE gtr_revocation_away RENAME TO gtr_revocation');

    expect(await db.epochs.current(alice)).toBe(before);
    expect(await recordsOf(alice)).toEqual([]);
  });

  test('truncates a long actor and reason and revokes the user', async () => {
    const alice = someone();
    await db.revocations.revoke(alice, { actor: 'a'.repeat(300), reason: '😀'.repeat(300) });
    const [record] = await recordsOf(alice);
    expect(record!.actor).toBe('a'.repeat(255));
    expect(record!.reason.length).toBeLessThanOrEqual(255);
  });

  test.each([
    ['empty text', ''],
    ['of 256 characters', 's'.repeat(256)],
    ['undefined', undefined],
    ['a number', 42],
    ['null', null],
    ['an object', {}],
  ] as Array<[string, unknown]>)(
    'rejects a subject that is %s as notRevocable and writes nothing',
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

  test('explains what a subject must be when it is a number', async () => {
    await expect(db.revoke(1 as never)).rejects.toMatchObject({
      details: expect.stringContaining('String(user.id)') as unknown,
    });
  });

  test('revokes a subject of 255 characters in any script under exactly that name', async () => {
    const longest = 'ö😀'.repeat(85);
    expect(longest.length).toBe(255);
    await db.revoke(longest);
    expect(await recordsOf(longest)).toMatchObject([{ subject: longest }]);
  });
});
