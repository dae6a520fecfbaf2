import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  Realms,
  Revocation,
  RevocationService,
  type RevocationTarget,
  StartChecks,
  SubjectEpochs,
  Sweeper,
} from '../../../../src/module/index.js';
import { RevocationSweep } from '../../../../src/module/revocation/sweep/revocation-sweep.js';
import { onCommit } from '../../database/break-commits.js';
import { databases, describeEachDatabase } from '../../../support/databases.js';
import { shorten } from '../../../support/shorten.js';
import { within } from '../../../support/within.js';
import {
  ApiKey,
  EpochToken,
  Licence,
  RefreshToken,
  Session,
  apiKeys,
  epochTokens,
  licences,
  refreshTokens,
  sessions,
} from '../host-tables.js';
import { TargetHost, times } from '../target-host.js';

const complete = { completedAt: expect.any(Number) as number, targetsLeft: 0 };

describeEachDatabase('sweeper in tables of the host', (database) => {
  const hosts: TargetHost[] = [];
  beforeEach(() => void shorten(20, 1)); // pauses of the sweeper
  const start = async (
    targets: readonly RevocationTarget[],
    more: Parameters<typeof TargetHost.start>[2] = {},
  ): Promise<TargetHost> => {
    const host = await TargetHost.start(database, targets, more);
    hosts.push(host);
    return host;
  };
  afterEach(async () => {
    vi.restoreAllMocks();
    for (const host of hosts.splice(0).toReversed()) await host.stop();
  });

  const revokeEverybody = ({ app }: TargetHost): Promise<string> =>
    app.get(RevocationService).revokeEverybody({ actor: 'test' });
  const tokensOf = (userId: string, count: number) => times(count, () => ({ userId }));

  test('ends and counts every row once when it is killed before every second COMMIT', async () => {
    const host = await start([{ ...refreshTokens, batch: 20 }, epochTokens]);
    const epoch = String(await host.app.get(SubjectEpochs).epochForSignIn('alice'));
    await host.insert(RefreshToken, [...tokensOf('alice', 205), ...tokensOf('bob', 7)]);
    await host.insert(
      EpochToken,
      times(30, () => ({ userId: 'alice', epoch })),
    );
    const id = await host.revoke('alice');
    let commits = 0;
    onCommit(host.dataSource, (commit) => {
      commits += 1;
      return commits % 2 === 1 ? Promise.reject(new Error('killed')) : commit();
    });
    while ((await host.record(id)).completedAt === null) await host.sweep(0).catch(() => {});
    expect(commits).toBeGreaterThan(18);
    expect(await host.record(id)).toMatchObject({ ...complete, tokens: 235 });
    expect(await host.count(RefreshToken)).toBe(7);
    expect(await host.count(EpochToken)).toBe(0);
  });

  test('ends and counts all rows once after two revocations with two sweepers', async () => {
    const targets = [{ ...refreshTokens, batch: 20 }, { ...sessions, batch: 20 }, epochTokens];
    const host = await start(targets);
    const other = await start(targets, { databaseUrl: host.databaseUrl });
    const epoch = async () => String(await host.app.get(SubjectEpochs).epochForSignIn('alice'));
    const ids: string[] = [];
    for (const count of [130, 90]) {
      const mine = await epoch();
      await host.insert(RefreshToken, tokensOf('alice', count));
      await host.insert(Session, tokensOf('alice', count));
      await host.insert(
        EpochToken,
        times(count, () => ({ userId: 'alice', epoch: mine })),
      );
      ids.push(await host.revoke('alice'));
    }
    const records = () => Promise.all(ids.map((id) => host.record(id)));
    while ((await records()).some(({ completedAt }) => completedAt === null)) {
      await Promise.all([host, other].map((one) => one.sweep(0).catch(() => {})));
    }
    const [first, second] = await records();
    // The second's first batch is of the oldest rows there are: who ends a row counts it.
    expect(first!.tokens + second!.tokens).toBe(2 * (130 + 90));
    expect(first!.sessions + second!.sessions).toBe(130 + 90);
    expect(await host.count(RefreshToken)).toBe(0);
    expect(await host.count(Session)).toBe(0);
    expect(await host.count(EpochToken)).toBe(0);
  });

  test('ends the rows of everybody, one batch at once, and none of a later sign-in', async () => {
    const host = await start([{ ...refreshTokens, batch: 20 }, apiKeys, epochTokens]);
    const epochOf = async (userId: string) => String(await host.app.get(SubjectEpochs).epochForSignIn(userId));
    await host.insert(RefreshToken, [...tokensOf('alice', 30), ...tokensOf('bob', 7)]);
    await host.insert(ApiKey, [{ tenant: 't', ulid: '1', userId: 'bob' }]);
    await host.insert(EpochToken, [
      { userId: 'alice', epoch: await epochOf('alice') },
      { userId: 'bob', epoch: await epochOf('bob') },
      { userId: 'carol', epoch: (await epochOf('carol')) && null },
    ]);
    const id = await revokeEverybody(host);
    expect([await host.count(RefreshToken), await host.count(ApiKey, { revoked: true })]).toEqual([17, 0]);
    await host.insert(RefreshToken, tokensOf('bob', 2));
    await host.insert(ApiKey, [{ tenant: 't', ulid: '2', userId: 'bob' }]);
    await host.insert(EpochToken, [{ userId: 'bob', epoch: await epochOf('bob') }]);

    await host.sweep(0);

    expect(await host.record(id)).toMatchObject({ ...complete, tokens: 37 + 1 + 3 });
    expect([await host.count(RefreshToken), await host.count(ApiKey, { revoked: false })]).toEqual([2, 1]);
    expect(await host.count(EpochToken)).toBe(1);
  });

  test('ends the rows of a realm that carry an epoch, and no others', async () => {
    const host = await start([epochTokens]);
    const realms = host.app.get(Realms);
    const epochOf = async (userId: string, realm: string) => String(await realms.epochForSignIn(userId, realm));
    await host.insert(EpochToken, [
      { userId: 'alice', epoch: await epochOf('alice', 'acme') },
      { userId: 'bob', epoch: await epochOf('bob', 'other') },
    ]);
    const id = await host.app.get(RevocationService).revokeRealm('acme', { actor: 'test' });
    await host.insert(EpochToken, [{ userId: 'alice', epoch: await epochOf('alice', 'acme') }]);
    await host.sweep(0);
    expect(await host.record(id)).toMatchObject({ ...complete, tokens: 1 });
    expect([await host.count(EpochToken, { userId: 'alice' }), await host.count(EpochToken)]).toEqual([1, 2]);
  });

  test.each(['deletes', 'marks'])(
    'leaves rows without an epoch to users of other realms, when it %s rows',
    async (does) => {
      const target = does === 'deletes' ? epochTokens : licences;
      const host = await start([{ ...target, withoutEpoch: 'until-revoked' } as RevocationTarget]);
      const users = ['alice', 'bob'];
      for (const [i, realm] of ['acme', 'other'].entries()) await host.app.get(Realms).place(users[i]!, realm);
      let number = 0;
      for (const userId of users) {
        for (const epoch of [null, '0']) {
          await host.insert(EpochToken, [{ userId, epoch }]);
          await host.insert(Licence, [{ product: 'p', number: (number += 1), userId, epoch }]);
        }
      }
      const left = (userId: string) =>
        does === 'deletes' ? host.count(EpochToken, { userId }) : host.count(Licence, { userId, revoked: false });
      await host.app.get(RevocationService).revokeRealm('acme', { actor: 'test' });
      await host.sweep(0);
      expect(await Promise.all(users.map(left))).toEqual([0, 2]);
      await revokeEverybody(host);
      await host.sweep(0);
      expect(await Promise.all(users.map(left))).toEqual([0, 0]);
    },
  );

  test('finds the rows of realms behind those of others with one sweep', async () => {
    const host = await start([{ ...licences, batch: 2 }]);
    const realms = ['other', 'other', 'other', 'other', 'acme', 'other', 'other', 'other', 'next'];
    for (const [number, realm] of realms.entries()) {
      const userId = `of ${realm}`;
      const epoch = String(await host.app.get(Realms).epochForSignIn(userId, realm));
      await host.insert(Licence, [{ product: 'p', number, userId, epoch }]);
    }
    const revoke = (realm: string) => host.app.get(RevocationService).revokeRealm(realm, { actor: 'test' });
    const ids = [await revoke('acme'), await revoke('next')];
    await host.sweep(0);
    expect(await Promise.all(ids.map((id) => host.record(id)))).toMatchObject([complete, complete]);
    expect([await host.count(Licence, { revoked: true }), await host.count(Licence)]).toEqual([2, 9]);
  });

  test('refuses to revoke a realm while rows of a table show neither epoch nor realm, and says which', async () => {
    const host = await start([epochTokens, refreshTokens]);
    await host.insert(RefreshToken, tokensOf('alice', 2));
    const refused = host.app.get(RevocationService).revokeRealm('acme', { actor: 'test' });
    await expect(refused).rejects.toMatchObject({
      reason: 'notRevocable',
      details: 'a realm cannot be revoked while a target has no epochColumn: add one to host_refresh_token',
    });
    expect([await host.count(RefreshToken), await host.dataSource.manager.count(Revocation)]).toEqual([2, 0]);
  });

  test('a process with more targets leaves the rows of other realms alone', async () => {
    const few = await start([epochTokens]);
    const id = await few.app.get(RevocationService).revokeRealm('acme', { actor: 'test' });
    const more = await start([epochTokens, refreshTokens], { databaseUrl: few.databaseUrl });
    await more.insert(RefreshToken, tokensOf('bob', 3));
    await more.sweep(0);
    expect([await more.count(RefreshToken), await more.record(id)]).toEqual([3, expect.objectContaining(complete)]);
  });

  test('finds the dead rows of everybody in small parts, although every second COMMIT fails, and no others', async () => {
    const host = await start([
      { ...epochTokens, batch: 3 },
      { ...licences, batch: 2 },
    ]);
    const epochOf = async (userId: string) => String(await host.app.get(SubjectEpochs).epochForSignIn(userId));
    let number = 0;
    const signIn = async (userId: string, count: number): Promise<void> => {
      const epoch = await epochOf(userId);
      const product = userId.slice(0, 1);
      await host.insert(
        EpochToken,
        times(count, () => ({ userId, epoch })),
      );
      await host.insert(
        Licence,
        times(count, () => ({ product, number: (number += 1), userId, epoch })),
      );
    };
    const nobodys = [
      { userId: '', epoch: '5' },
      { userId: 'unknown', epoch: '5' },
    ];
    await host.insert(EpochToken, nobodys);
    let [isFailing, commits] = [false, 0];
    onCommit(host.dataSource, (commit) => {
      commits += Number(isFailing);
      return isFailing && commits % 2 === 1 ? Promise.reject(new Error('killed')) : commit();
    });
    for (const from of [0, 1]) {
      isFailing = false;
      for (const userId of ['a1', 'a2', 'b1']) await signIn(`${userId}-${from}`, 3);
      const id = await revokeEverybody(host);
      await signIn(`a-${from}`, 2);
      isFailing = true;
      while ((await host.record(id)).completedAt === null) await host.sweep(0).catch(() => {});
      expect(await host.record(id)).toMatchObject({ ...complete, tokens: from === 0 ? 18 : 18 + 4 });
      const live = { userId: `a-${from}` };
      expect([await host.count(EpochToken), await host.count(EpochToken, live)]).toEqual([4, 2]);
      expect([await host.count(Licence, { revoked: false }), await host.count(Licence, live)]).toEqual([2, 2]);
    }
  });

  test('a transaction for everybody ends no more rows than one for a user, whoever they belong to', async () => {
    const host = await start([{ ...epochTokens, batch: 2 }]);
    for (const userId of ['a', 'b', 'c', 'a', 'b', 'c', 'a']) {
      const epoch = String(await host.app.get(SubjectEpochs).epochForSignIn(userId));
      await host.insert(EpochToken, [{ userId, epoch }]);
    }
    await revokeEverybody(host);
    const left: number[] = [];
    onCommit(host.dataSource, async (commit) => {
      await commit();
      left.push(await host.count(EpochToken));
    });
    await host.sweep(0);
    expect([...new Set(left)]).toEqual([5, 3, 1, 0]);
  });

  test('counts exactly for each of two revocations in tables with an epoch', async () => {
    const host = await start([{ ...epochTokens, batch: 20 }]);
    const other = await start([{ ...epochTokens, batch: 20 }], { databaseUrl: host.databaseUrl });
    const ids: string[] = [];
    for (const count of [130, 90]) {
      const epoch = String(await host.app.get(SubjectEpochs).epochForSignIn('alice'));
      await host.insert(
        EpochToken,
        times(count, () => ({ userId: 'alice', epoch })),
      );
      ids.push(await host.revoke('alice'));
    }
    while ((await host.record(ids[1]!)).completedAt === null) {
      await Promise.all([host, other].map((one) => one.sweep(0).catch(() => {})));
    }
    expect(await Promise.all(ids.map((id) => host.record(id)))).toMatchObject([{ tokens: 130 }, { tokens: 90 }]);
  });

  test('sweeps remaining rows at once, and the rest of the record later', async () => {
    const host = await start([{ ...refreshTokens, batch: 20 }], { options: { sweepIntervalMs: 3_600_000 } });
    await sleep(300); // the first round
    await host.insert(RefreshToken, tokensOf('alice', 110));
    const id = await host.revoke('alice');
    await vi.waitFor(async () => expect(await host.count(RefreshToken)).toBe(0), { timeout: 20_000 });
    await vi.waitFor(async () => expect(await host.record(id)).toMatchObject({ tokens: 110, targetsLeft: 0 }));
    expect(await host.record(id)).toMatchObject({ completedAt: null });
  });

  test('logs a revocation that it cannot sweep and sweeps the others', async () => {
    const host = await start([{ ...refreshTokens, batch: 1 }]);
    await host.insert(RefreshToken, [...tokensOf('alice', 3), ...tokensOf('bob', 3)]);
    const [hers, his] = [await host.revoke('alice'), await host.revoke('bob')];
    const [held] = await host.dataSource.getRepository(RefreshToken).findBy({ userId: 'alice' });
    await host.dataSource.query(
      `CREATE TABLE host_child (token ${database.name === 'sqlite' ? 'integer' : 'int'} NOT NULL,
        FOREIGN KEY (token) REFERENCES host_refresh_token (id))`,
    );
    await host.dataSource.query(`INSERT INTO host_child (token) VALUES (${held!.id})`);

    await expect(host.sweep(0)).rejects.toThrow(/FOREIGN KEY/i);
    expect(await host.record(his)).toMatchObject({ ...complete, tokens: 3 });
    expect(await host.record(hers)).toMatchObject({ completedAt: null, targetsLeft: 1 });

    await host.dataSource.query('DROP TABLE host_child');
    await host.sweep(0);
    expect(await host.record(hers)).toMatchObject({ ...complete, tokens: 3 });
  });

  test('leaves a revocation in undeclared tables to the nodes that declare them', async () => {
    const host = await start([{ ...refreshTokens, batch: 2 }]);
    await host.insert(RefreshToken, tokensOf('alice', 5));
    const id = await host.revoke('alice');
    const other = await start([], { databaseUrl: host.databaseUrl });
    const warned = vi.spyOn(other.app.get(Sweeper)['hostTables']['logger'], 'warn').mockImplementation(() => {});
    await other.sweep(0);
    await other.sweep(0);
    expect(warned.mock.calls).toEqual([
      [expect.stringContaining('rows of host_refresh_token, which is not a target of this node')],
    ]);
    expect(await host.record(id)).toMatchObject({ completedAt: null, targetsLeft: 2 });
    await host.sweep(0);
    expect(await host.record(id)).toMatchObject({ ...complete, tokens: 5 });
  });

  test.each([
    ['none', []],
    ['another', [sessions]],
  ] as const)('finishes what a process with %s of its targets has begun and completed', async (_which, fewer) => {
    const host = await start([refreshTokens, ...fewer]);
    await host.insert(RefreshToken, [...tokensOf('alice', 3), ...tokensOf('bob', 2)]);
    const old = await start(fewer, { databaseUrl: host.databaseUrl });
    const id = await old.revoke('alice');
    await old.sweep(0);
    expect(await host.record(id)).toMatchObject(complete);
    const warned = vi.spyOn(host.app.get(Sweeper)['hostTables']['logger'], 'warn').mockImplementation(() => {});
    await host.sweep(0);
    expect(await host.record(id)).toMatchObject({ ...complete, tokens: 3 });
    expect(await host.count(RefreshToken)).toBe(2);
    expect(warned.mock.calls).toEqual([[expect.stringContaining('declare the same `targets` in every process')]]);
    await host.sweep(0);
    expect(await host.record(id)).toMatchObject({ ...complete, tokens: 3 });
  });

  test('deletes rows with an epoch that a process without this target left', async () => {
    const host = await start([epochTokens]);
    await host.app.get(SubjectEpochs).epochForSignIn('alice');
    const epoch = String(await host.app.get(SubjectEpochs).current('alice'));
    await host.insert(EpochToken, [{ userId: 'alice', epoch }]);
    const old = await start([], { databaseUrl: host.databaseUrl });
    await old.revoke('alice');
    await old.sweep(0);
    await host.sweep(0);
    expect(await host.count(EpochToken)).toBe(0);
  });

  test('does not touch what was revoked before the target was declared', async () => {
    const old = await start([]);
    const id = await old.revoke('alice');
    await old.sweep(0);
    const before = Date.now() - 2 * 3_600_000;
    await old.dataSource.manager.update(Revocation, id, { createdAt: before, completedAt: before });
    const host = await start([refreshTokens], { databaseUrl: old.databaseUrl });
    await host.insert(RefreshToken, tokensOf('alice', 2));
    await host.sweep(0);
    expect(await host.count(RefreshToken)).toBe(2);
  });

  test('a table that no process declares any more holds back no later revocation, and is closed by command', async () => {
    const gone = await start([{ ...sessions, batch: 1 }, refreshTokens]);
    await gone.insert(Session, tokensOf('alice', 3));
    const first = await gone.revoke('alice');
    const host = await start([{ ...refreshTokens, batch: 2 }], { databaseUrl: gone.databaseUrl });
    vi.spyOn(host.app.get(Sweeper)['hostTables']['logger'], 'warn').mockImplementation(() => {});
    await host.sweep(0);
    await host.insert(RefreshToken, tokensOf('alice', 5));
    const second = await host.revoke('alice');
    await host.sweep(0);
    expect(await host.record(second)).toMatchObject({ ...complete, tokens: 5 });
    expect(await host.record(first)).toMatchObject({ completedAt: null, targetsLeft: 2 });
    const findings = await host.app.get(StartChecks).findings();
    expect(findings.map(({ message }) => message)).toContainEqual(expect.stringContaining('run `revocations close`'));

    const sweeper = host.app.get(Sweeper);
    expect(() => sweeper.close(host.dataSource.manager, 'host_refresh_token')).toThrow('is a target');
    expect(await sweeper.close(host.dataSource.manager, 'host_session')).toBe(1);
    expect(await sweeper.close(host.dataSource.manager, 'host_session')).toBe(0);
    await host.sweep(0);
    expect(await host.record(first)).toMatchObject(complete);
  });
});

const mariaDb = databases.find(({ name }) => name === 'mariadb')!;

describe.skipIf(!mariaDb.available)('locks (mariadb)', () => {
  let host: TargetHost | undefined;
  afterEach(() => host?.stop());

  test('the revocation skips a locked row, and the sweeper ends it later', async () => {
    host = await TargetHost.start(mariaDb, [refreshTokens]);
    const { dataSource } = host;
    await host.insert(RefreshToken, [...times(5, () => ({ userId: 'alice' })), { userId: 'bob' }]);
    const [row] = await dataSource.getRepository(RefreshToken).findBy({ userId: 'alice' });
    const runner = dataSource.createQueryRunner();
    await runner.startTransaction();
    await runner.query('SELECT * FROM host_refresh_token WHERE id = ? FOR UPDATE', [row!.id]);

    const began = performance.now();
    const id = await host.revoke('alice');
    expect(performance.now() - began).toBeLessThan(2000);
    expect(await host.record(id)).toMatchObject({ tokens: 4, targetsLeft: 1 });
    const his = await host.revoke('carol');
    await host.sweep(0);
    expect(await host.record(id)).toMatchObject({ completedAt: null, targetsLeft: 1 });
    expect(await host.record(his)).toMatchObject(complete);

    await runner.commitTransaction();
    await runner.release();
    await host.sweep(0);
    expect(await host.record(id)).toMatchObject({ ...complete, tokens: 5 });
    expect(await host.count(RefreshToken)).toBe(1);
  });

  test('a record that is being moved to the outbox is swept as soon as it is free', async () => {
    host = await TargetHost.start(mariaDb, [{ ...refreshTokens, batch: 2 }]);
    await host.insert(
      RefreshToken,
      times(5, () => ({ userId: 'alice' })),
    );
    const id = await host.revoke('alice');
    await host.dataSource.manager.update(Revocation, id, { toNotify: 1 });
    const runner = host.dataSource.createQueryRunner();
    await runner.startTransaction();
    await runner.query('UPDATE gtr_revocation SET to_notify = NULL WHERE id = ?', [id]);
    const sweeping = host.sweep(0);
    await sleep(200);
    await runner.commitTransaction();
    await runner.release();
    await within(10_000, sweeping);
    expect(await host.record(id)).toMatchObject({ ...complete, tokens: 5, toNotify: null });
  });

  test('sweeping a batch blocks neither other users nor new revocations', async () => {
    host = await TargetHost.start(mariaDb, [{ ...refreshTokens, batch: 2 }]);
    await host.insert(RefreshToken, [...times(9, () => ({ userId: 'alice' })), ...times(9, () => ({ userId: 'bob' }))]);
    const id = await host.revoke('alice');
    let go!: () => void;
    const held = new Promise<void>((resolve) => (go = resolve));
    const sweep = new RevocationSweep(host.dataSource, host.app.get(Sweeper)['hostTables'], [
      {
        count: async () => ({}),
        purge: async () => 0,
        sweep: () => held.then(() => ({ sessions: 0, tokens: 0, isDone: true })),
      },
    ]);
    const due = await sweep.due(0, undefined);
    expect(due).toMatchObject({ id });
    const advancing = sweep.advance(due!, 0);
    await sleep(200); // its rows are deleted, nothing is committed

    const began = performance.now();
    try {
      const his = await within(2000, host.revoke('bob'));
      await host.insert(RefreshToken, [{ userId: 'bob' }]);
      expect(await sweep.advance(due!, 0)).toBe(false);
      expect(performance.now() - began).toBeLessThan(2000);
      expect(await host.record(his)).toMatchObject({ tokens: 2, targetsLeft: 1 });
    } finally {
      go();
      await advancing;
    }
    await host.sweep(0);
    expect(await host.dataSource.manager.findBy(Revocation, {})).toMatchObject([complete, complete]);
    expect(await host.count(RefreshToken)).toBe(1);
  });
});
