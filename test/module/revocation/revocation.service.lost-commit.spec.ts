import { beforeEach, expect, test } from 'vitest';
import { Revocation } from '../../../src/module/revocation/revocation.entity.js';
import { breakCommits } from '../database/break-commits.js';
import { openForTest, type OpenDatabase } from '../database/open-database.js';
import { describeEachDatabase } from '../../support/databases.js';

describeEachDatabase('a lost COMMIT', (database) => {
  let db: OpenDatabase;
  let before: number;

  beforeEach(async () => {
    db = await openForTest(database);
    before = await db.epochs.epochForSignIn('alice');
  });

  test('the revocation succeeds once when the connection breaks after COMMIT', async () => {
    const broken = breakCommits(db.dataSource, 'after', 1);
    const id = await db.revoke('alice');

    expect(broken()).toBe(1);
    const records = await db.dataSource.manager.find(Revocation);
    expect(records).toMatchObject([{ id, epochBefore: before, epochAfter: await db.epochs.current('alice') }]);
  });

  test('the revocation succeeds once when the connection breaks before COMMIT', async () => {
    const broken = breakCommits(db.dataSource, 'before', 2);
    const id = await db.revoke('alice');

    expect(broken()).toBe(2);
    const records = await db.dataSource.manager.find(Revocation);
    expect(records).toMatchObject([{ id, epochBefore: before, epochAfter: await db.epochs.current('alice') }]);
  });

  test('fails as unavailable and changes nothing when the connection breaks before every COMMIT', async () => {
    breakCommits(db.dataSource, 'before', Infinity);
    await expect(db.revoke('alice')).rejects.toMatchObject({ reason: 'unavailable' });
    expect(await db.dataSource.manager.count(Revocation)).toBe(0);
    expect(await db.epochs.current('alice')).toBe(before);
  });
});
