import { beforeEach, expect, test } from 'vitest';
import { Change } from '../../../src/module/audit/change.entity.js';
import { ChangeRefusal, OperatorChanges } from '../../../src/module/audit/operator-changes.js';
import { DatabaseDeadline } from '../../../src/module/database/deadline.js';
import { FeatureFlag } from '../../../src/module/feature-flags/feature-flag.entity.js';
import { FeatureFlags } from '../../../src/module/feature-flags/feature-flags.service.js';
import { TypeOrmFeatureFlagStore } from '../../../src/module/feature-flags/typeorm-feature-flag.store.js';
import { openForTest, type OpenDatabase } from '../database/open-database.js';
import { breakCommits } from '../database/break-commits.js';
import { describeEachDatabase } from '../../support/databases.js';

const FLAG = 'GLOBAL_TOKEN_REVOCATION';

describeEachDatabase('record of operator changes', (database) => {
  let db: OpenDatabase;
  let changes: OperatorChanges;
  let flags: FeatureFlags;

  beforeEach(async () => {
    db = await openForTest(database);
    const deadline = new DatabaseDeadline(5000);
    changes = new OperatorChanges(db.dataSource, deadline);
    flags = new FeatureFlags(new TypeOrmFeatureFlagStore(db.dataSource), { featureFlags: {} }, deadline, changes);
  });

  const records = (): Promise<Change[]> =>
    db.dataSource.manager.find(Change, { order: { createdAt: 'ASC', before: 'DESC' } });
  const stored = (): Promise<FeatureFlag[]> => db.dataSource.manager.find(FeatureFlag);

  test('records actor, action, old state and new state of each flag change', async () => {
    const from = Date.now();
    await flags.set(FLAG, false, 'cli:carol');
    await flags.set(FLAG, true, 'cli:dave');

    expect(await records()).toMatchObject([
      { actor: 'cli:carol', action: 'flag.disable', target: FLAG, before: 'on (default)', after: 'off (stored)' },
      { actor: 'cli:dave', action: 'flag.enable', target: FLAG, before: 'off (stored)', after: 'on (stored)' },
    ]);
    for (const { createdAt } of await records()) expect(createdAt).toBeGreaterThanOrEqual(from);
  });

  test('does not change the flag when the record cannot be written', async () => {
    await db.dataSource.query('DROP TABLE gtr_change');
    await expect(flags.set(FLAG, false, 'cli:carol')).rejects.toMatchObject({ reason: 'unavailable' });
    expect(await stored()).toEqual([]);
  });

  test('throws the refusal of the change and records nothing', async () => {
    const refusal = new ChangeRefusal('conflict', 'not now');
    const refuse = changes.make({ actor: 'a', action: 'x', target: 't' }, () => Promise.reject(refusal));
    await expect(refuse).rejects.toBe(refusal);
    expect(await records()).toEqual([]);
  });

  test('makes and records the change once when the connection breaks after COMMIT', async () => {
    const broken = breakCommits(db.dataSource, 'after', 1);
    let made = 0;
    await changes.make({ actor: 'a', action: 'x', target: 't' }, () => {
      made += 1;
      return Promise.resolve({ before: '', after: 'there' });
    });
    expect([broken(), made]).toEqual([1, 1]);
    expect(await records()).toMatchObject([{ target: 't', before: '', after: 'there' }]);
  });
});
