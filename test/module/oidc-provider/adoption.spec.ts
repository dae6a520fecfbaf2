import { randomUUID } from 'node:crypto';
import type { Adapter, AdapterPayload } from 'oidc-provider';
import { beforeEach, describe, expect, test } from 'vitest';
import { inheritEpoch, inheritedEpochs, runInEpochContext } from '../../../src/module/oidc-provider/epoch-context.js';
import { OidcRecord } from '../../../src/module/oidc-provider/oidc-record.entity.js';
import { RecordSweep } from '../../../src/module/oidc-provider/record-sweep.js';
import { Revocation } from '../../../src/module/revocation/revocation.entity.js';
import { subjectKey } from '../../../src/module/revocation/subject-epochs.js';
import { describeEachDatabase } from '../../support/databases.js';
import { databaseFixture } from '../database/open-database.js';
import { memoryAdapters } from './memory-adapter.js';

const MODELS = ['Session', 'Grant', 'AuthorizationCode', 'AccessToken', 'RefreshToken', 'DeviceCode'];
const OF_GRANTS = MODELS.slice(2);

describeEachDatabase('records of a previous adapter', (database) => {
  const db = databaseFixture(database);
  let previous: (model: string) => Adapter;
  let adapters: (model: string) => Adapter;
  beforeEach(() => {
    previous = memoryAdapters();
    adapters = db.node(previous);
  });

  const seconds = (ttl = 600): number => Math.floor(Date.now() / 1000) + ttl;
  const payloadOf = (id: string, more: AdapterPayload = {}): AdapterPayload => ({
    jti: id,
    accountId: `user of ${id}`,
    uid: `uid of ${id}`,
    exp: seconds(),
    ...more,
  });

  /** What the host stored before, under an id that nobody else has. */
  async function stored(model: string, more: AdapterPayload = {}): Promise<string> {
    const id = randomUUID();
    await previous(model).upsert(id, payloadOf(id, more), 600);
    return id;
  }

  const userOf = (id: string): string => `user of ${id}`;
  const rows = (id: string): Promise<OidcRecord[]> =>
    db.dataSource.manager.findBy(OidcRecord, { subjectHash: subjectKey(userOf(id)) });
  const find = async (model: string, id: string): Promise<AdapterPayload | undefined> =>
    (await adapters(model).find(id)) ?? undefined;
  const isLeft = async (model: string, id: string): Promise<boolean> => (await previous(model).find(id)) !== undefined;

  /** Does something at the second look of an adoption. */
  function atSecondLook(model: string, work: () => Promise<unknown>, order: 'before' | 'after'): void {
    let looks = 0;
    const meddled: Adapter = Object.create(previous(model)) as Adapter;
    meddled.find = async (id) => {
      looks += 1;
      if (looks === 2 && order === 'before') await work();
      const found = await previous(model).find(id);
      if (looks === 2 && order === 'after') await work();
      return found;
    };
    adapters = db.node((name) => (name === model ? meddled : previous(name)));
  }

  test.each(MODELS)(
    '%s is found unchanged, moves into the table with epoch 0, and is destroyed where it was',
    async (model) => {
      const id = await stored(model, { userCode: randomUUID() });
      const expected = await previous(model).find(id);
      expect(await find(model, id)).toEqual(expected);
      expect(await isLeft(model, id)).toBe(false);
      expect(await rows(id)).toMatchObject([{ epoch: 0, expiresAt: expected!.exp! * 1000, consumedAt: null }]);
      expect(await find(model, id)).toEqual(expected);
    },
  );

  test('a session is found by its uid, a device code by its user code', async () => {
    const [session, device] = [await stored('Session'), await stored('DeviceCode', { userCode: 'ABCD-1' })];
    expect(await adapters('Session').findByUid(`uid of ${session}`)).toMatchObject({ jti: session });
    expect(await adapters('DeviceCode').findByUserCode('ABCD-1')).toMatchObject({ jti: device });
    expect([await isLeft('Session', session), await isLeft('DeviceCode', device)]).toEqual([false, false]);
    expect(await adapters('Session').findByUid(`uid of ${session}`)).toMatchObject({ jti: session });
  });

  test('a record that belongs to nobody is adopted without an epoch', async () => {
    const id = randomUUID();
    await previous('ClientCredentials').upsert(id, { jti: id, exp: seconds() }, 600);
    expect(await find('ClientCredentials', id)).toMatchObject({ jti: id });
    expect(await isLeft('ClientCredentials', id)).toBe(false);
  });

  test('children inherit epoch 0, and a revocation ends the adopted records, their children and new sign-ins', async () => {
    const id = await stored('RefreshToken');
    const user = userOf(id);
    const [child, fresh] = [randomUUID(), randomUUID()];
    await runInEpochContext(async () => {
      await find('RefreshToken', id);
      expect(inheritedEpochs().get(subjectKey(user))).toBe(0);
      await adapters('AccessToken').upsert(child, payloadOf(child, { accountId: user }), 600);
    });
    await runInEpochContext(async () => {
      inheritEpoch(user, await db.epochs.epochForSignIn(user));
      await adapters('AccessToken').upsert(fresh, payloadOf(fresh, { accountId: user }), 600);
    });
    const all = async (): Promise<unknown[]> =>
      Promise.all([find('RefreshToken', id), find('AccessToken', child), find('AccessToken', fresh)]);
    expect((await all()).every(Boolean)).toBe(true);
    await db.revoke(user);
    expect(await all()).toEqual([undefined, undefined, undefined]);
  });

  test('a session that an old node saves after the revocation stays dead, and one of another user is live', async () => {
    const [alice, bob] = [randomUUID(), randomUUID()];
    await db.revoke(userOf(alice));
    for (const id of [alice, bob]) await previous('Session').upsert(id, payloadOf(id), 600);
    expect(await find('Session', alice)).toBeUndefined();
    expect(await find('Session', bob)).toMatchObject({ jti: bob });
    await db.epochs.epochForSignIn(userOf(alice));
    expect(await find('Session', alice)).toBeUndefined();
  });

  test('signed out, consumed, revoked and swept: the old credentials stay dead, also where they were left behind', async () => {
    const [session, refresh, swept] = [
      await stored('Session'),
      await stored('RefreshToken'),
      await stored('AccessToken'),
    ];
    const leftover = await previous('AccessToken').find(swept);
    for (const [model, id] of [
      ['Session', session],
      ['RefreshToken', refresh],
      ['AccessToken', swept],
    ] as const) {
      expect(await find(model, id)).toBeDefined();
    }
    await adapters('Session').destroy(session);
    await adapters('RefreshToken').consume(refresh);
    const id = await db.revoke(userOf(swept));
    const revocation = await db.dataSource.manager.findOneByOrFail(Revocation, { id });
    await db.dataSource.transaction((manager) => new RecordSweep(db.dataSource).sweep(manager, revocation, 100));
    expect(await rows(swept)).toEqual([]);

    expect(await find('Session', session)).toBeUndefined();
    expect(await adapters('Session').findByUid(`uid of ${session}`)).toBeUndefined();
    await expect(adapters('RefreshToken').consume(refresh)).rejects.toThrow('invalid_grant');
    expect(await find('RefreshToken', refresh)).toMatchObject({ consumed: expect.any(Number) as number });
    await previous('AccessToken').upsert(swept, leftover!, 600); // a process was killed before it destroyed it
    expect(await find('AccessToken', swept)).toBeUndefined();
  });

  describe('that nobody has presented yet', () => {
    test('are destroyed', async () => {
      const id = await stored('Session');
      await adapters('Session').destroy(id);
      expect([await isLeft('Session', id), await find('Session', id)]).toEqual([false, undefined]);
    });

    test('are consumed once', async () => {
      const id = await stored('RefreshToken');
      const uses = await Promise.allSettled(Array.from({ length: 5 }, () => adapters('RefreshToken').consume(id)));
      expect(uses.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      expect(await isLeft('RefreshToken', id)).toBe(false);
      expect(await find('RefreshToken', id)).toMatchObject({ consumed: expect.any(Number) as number });
    });

    test('end with their grant', async () => {
      const grantId = randomUUID();
      const ids = new Map<string, string>();
      for (const model of OF_GRANTS) ids.set(model, await stored(model, { grantId }));
      await find('AccessToken', ids.get('AccessToken')!);
      for (const model of OF_GRANTS) await adapters(model).revokeByGrantId(grantId);
      for (const [model, id] of ids)
        expect([await isLeft(model, id), await find(model, id)]).toEqual([false, undefined]);
    });

    test('end with their grant when a sibling is used twice', async () => {
      const grantId = await stored('Grant');
      const [used, sibling] = [await stored('RefreshToken', { grantId }), await stored('AccessToken', { grantId })];
      await find('Grant', grantId);
      await adapters('RefreshToken').consume(used);
      await expect(adapters('RefreshToken').consume(used)).rejects.toThrow('invalid_grant');
      expect([await find('Grant', grantId), await find('AccessToken', sibling)]).toEqual([undefined, undefined]);
      expect(await isLeft('AccessToken', sibling)).toBe(false);
    });
  });

  test.each([seconds(), true])('one that was consumed there (%s) is consumed here', async (consumed) => {
    const id = await stored('RefreshToken', { consumed });
    expect(await find('RefreshToken', id)).toMatchObject({ consumed: expect.any(Number) as number });
    await expect(adapters('RefreshToken').consume(id)).rejects.toThrow('invalid_grant');
  });

  test('one that has expired there is not adopted', async () => {
    const id = await stored('Session', { exp: seconds(-1) });
    expect(await find('Session', id)).toBeUndefined();
    expect(await rows(id)).toEqual([]);
  });

  test('two nodes that adopt at once, many times each, find it and store one row', async () => {
    const other = db.node(previous);
    for (let round = 0; round < 5; round += 1) {
      const id = await stored('Session');
      const nodes = Array.from({ length: 8 }, (_, i) => (i % 2 ? other : adapters)('Session'));
      const found = await Promise.all(
        nodes.map((node, i) => (i % 4 < 2 ? node.find(id) : node.findByUid(`uid of ${id}`))),
      );
      expect(found.map((payload) => payload?.jti)).toEqual(nodes.map(() => id));
      expect(await rows(id)).toHaveLength(1);
      expect(await isLeft('Session', id)).toBe(false);
    }
  });

  test('a sign-out during an adoption wins', async () => {
    for (const order of ['before', 'after'] as const) {
      const id = await stored('Session');
      atSecondLook('Session', async () => db.node(previous)('Session').destroy(id), order);
      expect(await find('Session', id)).toBeUndefined();
      expect(await rows(id)).toEqual([]);
    }
  });

  test('a node without the module that destroys the record during an adoption wins', async () => {
    const id = await stored('Session');
    atSecondLook('Session', async () => previous('Session').destroy(id), 'before');
    expect(await find('Session', id)).toBeUndefined();
    expect(await rows(id)).toEqual([]);
  });

  test('a grant that ends during the adoption of its token wins', async () => {
    for (const order of ['before', 'after'] as const) {
      const grantId = randomUUID();
      const id = await stored('RefreshToken', { grantId });
      atSecondLook('RefreshToken', async () => db.node(previous)('RefreshToken').revokeByGrantId(grantId), order);
      expect(await find('RefreshToken', id)).toBeUndefined();
      expect(await rows(id)).toEqual([]);
    }
  });

  test('a revocation during an adoption wins', async () => {
    const id = await stored('RefreshToken');
    atSecondLook('RefreshToken', () => db.revoke(userOf(id)), 'after');
    await runInEpochContext(async () => {
      expect(await find('RefreshToken', id)).toBeUndefined();
      expect(inheritedEpochs().size).toBe(0);
    });
  });

  test('a stale adopter does not bring back what was adopted and destroyed in between', async () => {
    const id = await stored('Session');
    const stale = await previous('Session').find(id);
    const slow: Adapter = Object.create(previous('Session')) as Adapter;
    let looks = 0;
    slow.find = async (asked) => {
      looks += 1;
      if (looks > 1) return previous('Session').find(asked);
      await find('Session', id);
      await adapters('Session').destroy(id);
      return stale;
    };
    expect(
      await db
        .node(() => slow)('Session')
        .find(id),
    ).toBeUndefined();
    expect(await rows(id)).toEqual([]);
  });

  test('a claim that a killed process left is ignored, and the record is adopted', async () => {
    const id = await stored('RefreshToken');
    atSecondLook('RefreshToken', () => Promise.reject(new Error('killed')), 'before');
    await expect(find('RefreshToken', id)).rejects.toMatchObject({ statusCode: 503 });
    expect(await rows(id)).toMatchObject([{ payload: '' }]);

    expect(await db.adapters('RefreshToken').find(id)).toBeUndefined();
    await expect(db.adapters('RefreshToken').consume(id)).rejects.toThrow('invalid_grant');
    adapters = db.node(previous);
    expect(await find('RefreshToken', id)).toMatchObject({ jti: id });
    expect(await rows(id)).toMatchObject([{ usedBy: null, consumedAt: null }]);
  });

  test('a claim of another adoption is not filled', async () => {
    const id = await stored('Session');
    const claims = db.dataSource.getRepository(OidcRecord);
    // The claim that this adoption made went with a sign-out; a stale adopter has made one of its own since.
    const overtaken = async (): Promise<void> => {
      const [claim] = await rows(id);
      await db.node(previous)('Session').destroy(id);
      await claims.insert(Object.assign(new OidcRecord(), claim, { usedBy: randomUUID() }));
    };
    atSecondLook('Session', overtaken, 'after');
    expect(await find('Session', id)).toBeUndefined();
    expect((await rows(id)).every(({ payload }) => payload === '')).toBe(true);
  });

  test('a claim of a record that has ended is ignored', async () => {
    const id = await stored('RefreshToken');
    atSecondLook('RefreshToken', () => Promise.reject(new Error('killed')), 'before');
    await expect(find('RefreshToken', id)).rejects.toThrow('temporarily_unavailable');
    await previous('RefreshToken').destroy(id);
    adapters = db.node(previous);
    expect(await find('RefreshToken', id)).toBeUndefined();
  });

  test('a class is a previous adapter too, and models that it did not store are skipped', async () => {
    const id = await stored('Session');
    class Old {
      constructor(model: string) {
        return previous(model);
      }
    }
    expect(
      await db
        .node(Old as unknown as new (model: string) => Adapter)('Session')
        .find(id),
    ).toMatchObject({ jti: id });
    const none = db.node(() => undefined);
    expect(await none('Grant').find(id)).toBeUndefined();
    await none('Grant').destroy(id);
  });

  test('answers 503 if the previous adapter fails', async () => {
    const broken = db.node(() => {
      throw new Error('down');
    });
    await expect(broken('Session').find(randomUUID())).rejects.toMatchObject({ statusCode: 503 });
  });
});
