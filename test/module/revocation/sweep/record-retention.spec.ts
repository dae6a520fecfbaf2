import { randomUUID } from 'node:crypto';
import { beforeEach, expect, test } from 'vitest';
import { resolveOptions } from '../../../../src/module/options/global-revocation.options.js';
import { pruneRecords } from '../../../../src/module/revocation/sweep/record-retention.js';
import { Revocation } from '../../../../src/module/revocation/revocation.entity.js';
import { Sweeper } from '../../../../src/module/revocation/sweep/sweeper.js';
import { SubjectEpoch } from '../../../../src/module/revocation/subject-epoch.entity.js';
import { openForTest, type OpenDatabase } from '../../database/open-database.js';
import { describeEachDatabase } from '../../../support/databases.js';
import { startServer } from '../../../support/server.js';

const DAY = 86_400_000;

describeEachDatabase('record retention', (database) => {
  let db: OpenDatabase;

  beforeEach(async () => {
    db = await openForTest(database);
  });

  const records = () => db.dataSource.getRepository(Revocation);
  const prune = (days: number | undefined, limit = 100) => {
    const options = resolveOptions({ issuer: 'https://op.example.com', recordRetentionDays: days });
    return pruneRecords(db.dataSource, options.recordRetentionDays, limit);
  };

  /** Somebody revoked so many days ago. */
  async function revokedAgo(days: number, isComplete = true): Promise<string> {
    const id = await db.revoke(`person-${randomUUID()}`);
    const createdAt = Date.now() - days * DAY - 1000;
    await records().update({ id }, { createdAt, completedAt: isComplete ? createdAt + 1 : null });
    return id;
  }
  const left = async (): Promise<string[]> => (await records().find()).map(({ id }) => id).toSorted();

  test('30 days: deletes older complete records, keeps younger and incomplete ones and every epoch', async () => {
    await revokedAgo(30);
    await revokedAgo(400);
    const kept = [await revokedAgo(29), await revokedAgo(0), await revokedAgo(400, false)];
    const epochs = await db.dataSource.getRepository(SubjectEpoch).find();

    expect(await prune(30)).toBe(2);
    expect(await left()).toEqual(kept.toSorted());
    expect(await db.dataSource.getRepository(SubjectEpoch).find()).toEqual(epochs);
    expect(epochs).toHaveLength(5);
  });

  test('keeps a record until its notifications are in the outbox', async () => {
    const id = await revokedAgo(400);
    await records().update({ id }, { toNotify: 1 });
    expect([await prune(30), await left()]).toEqual([0, [id]]);
    await records().update({ id }, { toNotify: null });
    expect([await prune(30), await left()]).toEqual([1, []]);
  });

  test.each([[0], [undefined]])('%s: keeps records forever', async (days) => {
    const id = await revokedAgo(10_000);
    expect(await prune(days)).toBe(0);
    expect(await left()).toEqual([id]);
  });

  test('deletes more than one batch in several rounds', async () => {
    for (let nth = 0; nth < 5; nth += 1) await revokedAgo(31);
    expect(await prune(30, 3)).toBe(3);
    expect(await prune(30, 3)).toBe(2);
    expect(await left()).toEqual([]);
  });

  test('the sweeper of a reference server with a retention of one day deletes old records', async () => {
    const [old, young] = [await revokedAgo(1), await revokedAgo(0)];
    const server = await startServer(database, { databaseUrl: db.url, env: { GTR_RECORD_RETENTION_DAYS: '1' } });
    await server.app.get(Sweeper).sweep();
    await server.stop();
    expect(await left()).toEqual([young]);
    expect(old).not.toBe(young);
  });
});
