import { randomUUID } from 'node:crypto';
import { beforeEach, expect, test } from 'vitest';
import { onPrimary } from '../../../../src/module/database/primary.js';
import { subjectKey } from '../../../../src/module/revocation/subject-epochs.js';
import { Revocation } from '../../../../src/module/revocation/revocation.entity.js';
import { RevocationSweep } from '../../../../src/module/revocation/sweep/revocation-sweep.js';
import { RevocationTargets } from '../../../../src/module/revocation/targets/revocation-targets.js';
import { describeEachDatabase } from '../../../support/databases.js';
import { openForTest, type OpenDatabase } from '../../database/open-database.js';
import { QueryPlans } from '../../database/query-plans.js';

const BATCH = 100;

describeEachDatabase('the next revocation to sweep', (database) => {
  let open: OpenDatabase;
  let sweep: RevocationSweep;

  beforeEach(async () => {
    open = await openForTest(database);
    sweep = new RevocationSweep(open.dataSource, new RevocationTargets(open.dataSource, { targets: [] }), []);
  });

  /** Incomplete revocations of these users, a millisecond apart. */
  const insert = async (...subjects: string[]): Promise<Revocation[]> => {
    const records = subjects.map((subject, n) => ({
      ...{ id: randomUUID(), subject, subjectHash: subjectKey(subject), epochBefore: n + 1, epochAfter: n + 2 },
      ...{ createdAt: n + 1, completedAt: null, actor: 'test', method: 'in_process', format: '', matched: 1 },
      ...{ sourceIp: '', reason: '', sessions: 0, tokens: 0 },
    }));
    await onPrimary(open.dataSource, async (manager) => {
      for (let at = 0; at < records.length; at += BATCH)
        await manager.insert(Revocation, structuredClone(records.slice(at, at + BATCH)) as never); // writes to what it is given
    });
    return records as unknown as Revocation[];
  };
  const times = (count: number, subject: string): string[] => Array.from({ length: count }, () => subject);

  test('is the oldest that no earlier one of the same user holds back, however many of those there are', async () => {
    const [first, ...others] = await insert(...times(120, 'alice'), 'bob');
    expect(await sweep.due(0, undefined)).toMatchObject({ id: first!.id });
    expect(await sweep.due(0, first)).toMatchObject({ id: others.at(-1)!.id });
    expect(await sweep.due(0, others.at(-1))).toBeUndefined();
  });

  test.each([
    ['one user', (n: number) => times(n, 'alice')],
    ['thousands of users', (n: number) => Array.from({ length: n }, (_, i) => `user-${i}`)],
  ])('is found without reading or sorting a backlog of %s', async (_title, subjects) => {
    const records = await insert(...subjects(4000));
    const plans = await QueryPlans.open(database, open.url);
    await plans.analyze('gtr_revocation');
    const found = [
      ...(await plans.of(open.dataSource, () => sweep.due(0, undefined))),
      ...(await plans.of(open.dataSource, () => sweep.due(0, records[2000]))),
      ...(await plans.of(open.dataSource, () => sweep.due(0, undefined, true))),
    ];
    await plans.close();
    for (const { sql, whole, sorts } of found) expect([...whole, ...sorts], sql).toEqual([]);
    const ofOneUser = found.filter(({ sql }) => /epoch_after\W+</.test(sql));
    expect(ofOneUser.length).toBeGreaterThan(0);
    for (const { sql, text } of ofOneUser) expect(text, sql).toContain('gtr_revocation_subject');
  });
});
