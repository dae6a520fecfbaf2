import type { EntityTarget } from 'typeorm';
import { afterEach, expect, test } from 'vitest';
import { Revocation, type RevocationTarget, SubjectEpochs, Sweeper } from '../../../../src/module/index.js';
import { sqlDialect } from '../../../../src/module/database/sql-dialect.js';
import { describeEachDatabase } from '../../../support/databases.js';
import {
  ApiKey,
  apiKeys,
  Device,
  devices,
  RefreshToken,
  refreshTokens,
  Session,
  sessions,
  Snowflake,
  snowflakes,
  EpochToken,
  epochTokens,
} from '../host-tables.js';
import { TargetHost, times } from '../target-host.js';

/** Ids that a collation, a trailing blank or a conversion makes one. */
const LOOKALIKES = ['Admin', 'ADMIN', 'ádmin', 'admin ', ' admin', 'admin\u200b'];

const later = (seconds: number): Date => new Date(Date.now() + seconds * 1000);
const ulid = (n: number): string => `01J${String(n).padStart(23, '0')}`;

describeEachDatabase('tables of the host', (database) => {
  let host: TargetHost;
  const start = async (...targets: RevocationTarget[]): Promise<void> => {
    host = await TargetHost.start(database, targets);
  };
  afterEach(() => host.stop());

  const text = (column: string): string => sqlDialect(host.dataSource).asText(column);
  const usersOf = async (entity: EntityTarget<RefreshToken | Session | ApiKey>): Promise<string[]> =>
    (await host.dataSource.getRepository(entity).find()).map(({ userId }) => userId).toSorted();

  test('a few rows end before the answer, and those of users with similar IDs stay', async () => {
    await start(refreshTokens);
    await host.insert(
      RefreshToken,
      times(10, () => ({ userId: 'admin' })),
    );
    await host.insert(
      RefreshToken,
      LOOKALIKES.map((userId) => ({ userId })),
    );

    const id = await host.revoke('admin');

    expect(await usersOf(RefreshToken)).toEqual(LOOKALIKES.toSorted());
    expect(await host.record(id)).toMatchObject({ tokens: 10, sessions: 0, targetsLeft: 0, completedAt: null });
    await host.sweep(0);
    expect(await usersOf(RefreshToken)).toEqual(LOOKALIKES.toSorted());
    expect(await host.record(id)).toMatchObject({ tokens: 10, completedAt: expect.any(Number) as number });
  });

  test('a revocation is recorded and completed when the user owns nothing', async () => {
    await start(refreshTokens, sessions);
    const id = await host.revoke('admin');
    expect(await host.record(id)).toMatchObject({
      targetBounds: '{"host_refresh_token":null,"host_session":null}',
      targetsLeft: 0,
    });
    await host.sweep(0);
    expect(await host.record(id)).toMatchObject({ tokens: 0, completedAt: expect.any(Number) as number });
  });

  test.each([
    ['an auto-increment key', refreshTokens, RefreshToken, () => ({ userId: 'alice' })],
    [
      'the time of creation',
      sessions,
      Session,
      (n: number) => ({ userId: 'alice', createdAt: later(n < 25 ? -60 - n : 60) }),
    ],
    ['a ULID', apiKeys, ApiKey, (n: number) => ({ userId: 'alice', tenant: 't', ulid: ulid(n) })],
  ] as Array<[string, RevocationTarget, EntityTarget<RefreshToken>, (n: number) => { userId: string }]>)(
    'one batch ordered by %s ends before the answer, the sweeper ends the rest, and later rows stay',
    async (_what, target, entity, row) => {
      await start({ ...target, batch: 10 });
      const live = () =>
        entity === (ApiKey as unknown)
          ? host.count(ApiKey, { userId: 'alice', revoked: false })
          : host.count(entity, { userId: 'alice' });
      await host.insert(entity, times(25, row));

      const id = await host.revoke('alice');
      expect(await live()).toBe(15);
      expect(await host.record(id)).toMatchObject({ targetsLeft: 1, completedAt: null });
      await host.insert(entity, [row(25), row(26), row(27)]); // she has signed in again

      await host.sweep(); // not old enough for anything else
      expect(await live()).toBe(3);
      expect(await host.record(id)).toMatchObject({ targetsLeft: 0, completedAt: null });
      await host.sweep(0);
      expect(await live()).toBe(3);
      const { tokens, sessions: ended, completedAt } = await host.record(id);
      expect({ ended: tokens + ended, completedAt }).toEqual({ ended: 25, completedAt: expect.any(Number) as number });
    },
  );

  test('several targets share one batch, in their order', async () => {
    await start({ ...refreshTokens, batch: 10 }, { ...sessions, batch: 20 }, apiKeys);
    await host.insert(
      RefreshToken,
      times(7, () => ({ userId: 'alice' })),
    );
    await host.insert(
      Session,
      times(5, (n) => ({ userId: 'alice', createdAt: later(-n) })),
    );
    await host.insert(
      ApiKey,
      times(4, (n) => ({ userId: 'alice', tenant: 't', ulid: ulid(n) })),
    );

    const id = await host.revoke('alice');
    expect(await usersOf(RefreshToken)).toHaveLength(0);
    expect(await usersOf(Session)).toHaveLength(2);
    expect(await host.count(ApiKey, { revoked: false })).toBe(4);
    expect(await host.record(id)).toMatchObject({ tokens: 7, sessions: 3, targetsLeft: 1 });

    await host.sweep();
    expect(await host.record(id)).toMatchObject({ tokens: 11, sessions: 5, targetsLeft: 0 });
  });

  test('rows marked before keep their time and are not counted', async () => {
    await start(apiKeys);
    const before = new Date(Date.now() - 3_600_000);
    before.setMilliseconds(0);
    await host.insert(ApiKey, [
      { userId: 'alice', tenant: 't', ulid: ulid(1), revoked: true, revokedAt: before },
      { userId: 'alice', tenant: 't', ulid: ulid(2), revoked: false, revokedAt: before },
      { userId: 'alice', tenant: 't', ulid: ulid(3) },
      { userId: 'alice', tenant: 'u', ulid: ulid(3) },
      { userId: 'bob', tenant: 't', ulid: ulid(4) },
    ]);
    const id = await host.revoke('alice');
    const { tokens, createdAt } = await host.record(id);
    expect(tokens).toBe(3);
    const now = new Date(createdAt);
    const keys = await host.dataSource.getRepository(ApiKey).find({ order: { ulid: 'ASC', tenant: 'ASC' } });
    expect(keys.map(({ revoked, revokedAt }) => [revoked, revokedAt?.getTime()])).toEqual([
      [true, before.getTime()],
      [true, before.getTime()],
      [true, now.getTime()],
      [true, now.getTime()],
      [false, undefined],
    ]);
  });

  test('a column that does not keep its new value makes the revocation fail without effect', async () => {
    const action = { set: { revokedAt: () => null as never } };
    await start({ ...apiKeys, action });
    await host.insert(ApiKey, [{ userId: 'alice', tenant: 't', ulid: ulid(1) }]);
    await expect(host.revoke('alice')).rejects.toMatchObject({
      reason: 'unavailable',
      cause: { message: expect.stringContaining('host_api_key: a column does not keep the value') as string },
    });
    expect(await host.app.get(SubjectEpochs).current('alice')).toBeUndefined();
    expect(await host.dataSource.manager.count(Revocation)).toBe(0);
  });

  test('an error of the table makes the revocation fail without effect', async () => {
    await start(sessions, refreshTokens);
    await host.dataSource.query(
      'CREATE TABLE host_child (token integer NOT NULL, FOREIGN KEY (token) REFERENCES host_refresh_token (id))'.replace(
        'integer',
        database.name === 'sqlite' ? 'integer' : 'int',
      ),
    );
    await host.insert(Session, [{ userId: 'alice', createdAt: later(-1) }]);
    await host.insert(RefreshToken, [{ userId: 'alice' }]);
    await host.dataSource.query('INSERT INTO host_child (token) VALUES (1)');
    await expect(host.revoke('alice')).rejects.toMatchObject({ reason: 'unavailable' });
    expect(await usersOf(Session)).toEqual(['alice']);
    expect(await host.app.get(SubjectEpochs).current('alice')).toBeUndefined();
    await host.dataSource.query('DROP TABLE host_child');
    await host.revoke('alice');
    expect(await usersOf(Session)).toEqual([]);
  });

  test('rows with an epoch end before the answer untouched, then the sweeper deletes them', async () => {
    await start({ ...epochTokens, batch: 10 });
    const epochs = host.app.get(SubjectEpochs);
    const epochOf = async (): Promise<string> => String(await epochs.epochForSignIn('alice'));
    const first = await epochOf();
    await host.insert(
      EpochToken,
      times(25, () => ({ userId: 'alice', epoch: first })),
    );
    const one = await host.revoke('alice');
    const second = await epochOf();
    await host.insert(
      EpochToken,
      times(12, () => ({ userId: 'alice', epoch: second })),
    );
    await host.insert(EpochToken, [{ userId: 'alice', epoch: null }]); // nobody accepts it
    const two = await host.revoke('alice');
    const third = await epochOf();
    await host.insert(
      EpochToken,
      times(3, () => ({ userId: 'alice', epoch: third })),
    );
    await host.insert(EpochToken, [{ userId: 'ALICE', epoch: '1' }]);

    expect(await host.count(EpochToken)).toBe(42);
    expect(await host.record(one)).toMatchObject({
      tokens: 0,
      targetsLeft: 0,
      targetBounds: '{"host_epoch_token":"epoch"}',
    });
    await host.sweep(); // rows with an epoch are in no hurry
    expect(await host.count(EpochToken)).toBe(42);

    await host.sweep(0);
    const left = await host.dataSource.getRepository(EpochToken).find();
    expect(left.map(({ userId, epoch }) => [userId, String(epoch)])).toEqual(
      expect.arrayContaining([...times(3, () => ['alice', third]), ['ALICE', '1']]),
    );
    expect(left).toHaveLength(4);
    // The one without an epoch goes with the first sweep that finds it.
    expect(await host.record(one)).toMatchObject({ tokens: 26, completedAt: expect.any(Number) as number });
    expect(await host.record(two)).toMatchObject({ tokens: 12, completedAt: expect.any(Number) as number });
  });

  test.each(['abc', '0abc', '00', '0.0', '-0', ' 0', '5 ', '5x', '05', '5.0', '99999999999999999999', 'NULL'])(
    'the non-numeric subject %j touches no row of a numeric user column',
    async (subject) => {
      await start(devices);
      await host.insert(Device, [{ userNumber: '0' }, { userNumber: '5' }, { userNumber: '9223372036854775807' }]);
      expect(await host.record(await host.revoke(subject))).toMatchObject({ tokens: 0, targetsLeft: 0 });
      expect(await host.count(Device)).toBe(3);
    },
  );

  test('a numeric subject ends exactly its own rows', async () => {
    await start(devices);
    const numbers = ['0', '5', '55', '-5', '9007199254740993', '9007199254740992'];
    await host.insert(
      Device,
      numbers.map((userNumber) => ({ userNumber })),
    );
    for (const number of ['5', '9007199254740993', '0']) await host.revoke(number);
    const left = await host.dataSource.query(`SELECT ${text('user_number')} AS n FROM host_device ORDER BY id`);
    expect(left).toEqual([{ n: '55' }, { n: '-5' }, { n: '9007199254740992' }]);
  });

  test('ends exactly the right rows when keys beyond 2^53 differ by one', async () => {
    await start({ ...snowflakes, batch: 2 });
    const row = (last: number, userId: string) => ({ id: `900719925474099${last}`, userId });
    await host.insert(
      Snowflake,
      [2, 3, 5, 7].map((last) => row(last, 'alice')),
    );
    await host.insert(
      Snowflake,
      [1, 4, 6].map((last) => row(last, 'bob')),
    );
    const id = await host.revoke('alice');
    await host.insert(Snowflake, [row(8, 'alice')]);
    await host.sweep(0);
    expect(await host.record(id)).toMatchObject({ tokens: 4, completedAt: expect.any(Number) as number });
    const left = await host.dataSource.query(`SELECT ${text('id')} AS id FROM host_snowflake r ORDER BY r.id`);
    expect(left).toEqual([1, 4, 6, 8].map((last) => ({ id: row(last, '').id })));
  });

  test('the preview counts rows without ending them', async () => {
    await start(refreshTokens, apiKeys, epochTokens);
    const epoch = String(await host.app.get(SubjectEpochs).epochForSignIn('alice'));
    await host.insert(RefreshToken, [{ userId: 'alice' }, { userId: 'alice' }, { userId: 'ALICE' }]);
    await host.insert(ApiKey, [
      { userId: 'alice', tenant: 't', ulid: ulid(1) },
      { userId: 'alice', tenant: 't', ulid: ulid(2), revoked: true, revokedAt: new Date() },
    ]);
    await host.insert(EpochToken, [
      { userId: 'alice', epoch },
      { userId: 'alice', epoch: '1' },
    ]);
    expect(await host.app.get(Sweeper).count('alice')).toEqual({
      host_refresh_token: 2,
      host_api_key: 1,
      host_epoch_token: 1,
    });
    expect(await usersOf(RefreshToken)).toHaveLength(3);
  });
});
