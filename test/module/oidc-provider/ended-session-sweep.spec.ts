import { beforeEach, describe, expect, test } from 'vitest';
import { sha256Hex } from '../../../src/module/database/digest.js';
import { EndedSession } from '../../../src/module/inbound-logout/ended-session.entity.js';
import { Sweeper } from '../../../src/module/index.js';
import { EndedSessionSweep } from '../../../src/module/oidc-provider/ended-session-sweep.js';
import { OidcRecord } from '../../../src/module/oidc-provider/oidc-record.entity.js';
import { describeEachDatabase } from '../../support/databases.js';
import { openForTest, type OpenDatabase } from '../database/open-database.js';
import { startProviderHost } from './provider-host.js';

const DAY = 86_400_000;
const [ANN, BEN] = [sha256Hex('ann'), sha256Hex('ben')];

/** Rows of sessions that ended so many days ago. */
const ended = (sid: string, daysAgo: number, subjectHash = ''): EndedSession => ({
  ...{ upstreamHash: sha256Hex(sid), subjectHash, endedBy: 'idp' },
  endedAt: Date.now() - daysAgo * DAY - 1000,
});

describeEachDatabase('retention of ended upstream sessions', (database) => {
  let db: OpenDatabase;

  beforeEach(async () => {
    db = await openForTest(database);
  });

  const insert = (...rows: EndedSession[]) => db.dataSource.getRepository(EndedSession).insert(rows);
  const purge = (days: number, limit = 100) => new EndedSessionSweep(db.dataSource, days).purge(Date.now(), limit);
  const left = async (): Promise<string[]> => {
    const rows = await db.dataSource.getRepository(EndedSession).find();
    return rows.map(({ upstreamHash, subjectHash }) => `${upstreamHash} ${subjectHash}`).toSorted();
  };
  const namesOf = (...rows: EndedSession[]): string[] =>
    rows.map(({ upstreamHash, subjectHash }) => `${upstreamHash} ${subjectHash}`).toSorted();

  test('30 days: forgets older ones and keeps younger ones, also of the same session', async () => {
    const young = [ended('young', 29), ended('again', 1, BEN)];
    await insert(ended('old', 30), ended('again', 400, ANN), ...young);
    expect(await purge(30)).toBe(2);
    expect(await left()).toEqual(namesOf(...young));
  });

  test('0 days: keeps them forever', async () => {
    const old = ended('old', 10_000);
    await insert(old);
    expect(await purge(0)).toBe(0);
    expect(await left()).toEqual(namesOf(old));
  });

  test('forgets more than one batch in several rounds', async () => {
    await insert(...Array.from({ length: 5 }, (_, i) => ended(`${i}`, 31)));
    expect([await purge(30, 3), await purge(30, 3), await purge(30, 3)]).toEqual([3, 2, 0]);
    expect(await left()).toEqual([]);
  });

  test('what never expires does not come back when its session is forgotten', async () => {
    const record = (id: string, sid: string, subjectHash: string, expiresAt: number | null): OidcRecord => ({
      ...{
        idHash: sha256Hex(id),
        kind: 'RegistrationAccessToken',
        subjectHash,
        epoch: 1,
        upstreamHash: sha256Hex(sid),
      },
      ...{ grantHash: null, lookupHash: null, payload: 'x', expiresAt, savedAt: 1, consumedAt: null, usedBy: null },
    });
    const records = db.dataSource.getRepository(OidcRecord);
    const kept = [
      record('of ben', 'old', BEN, null),
      record('live', 'live', ANN, null),
      record('mortal', 'old', ANN, 9),
    ];
    await records.insert([record('of ann', 'old', ANN, null), record('of all', 'older', BEN, null), ...kept]);
    await insert(ended('old', 31, ANN), ended('older', 32));
    expect(await purge(30)).toBe(2);
    const ids = (await records.find()).map(({ idHash }) => idHash);
    expect(ids.toSorted()).toEqual(kept.map(({ idHash }) => idHash).toSorted());
  });
});

describe('the option endedSessionRetentionDays', () => {
  test.each([
    ['forgets sessions', { endedSessionRetentionDays: 30 }, 0],
    ['by default, keeps them', {}, 1],
  ])('%s with the sweep', async (_title, options, rows) => {
    const { app, dataSource } = await startProviderHost(() => undefined, { sweepIntervalMs: 0, ...options });
    await dataSource.getRepository(EndedSession).insert(ended('old', 400));
    await app.get(Sweeper, { strict: false }).sweep();
    expect(await dataSource.getRepository(EndedSession).count()).toBe(rows);
    await app.close();
  });
});
