import { randomUUID } from 'node:crypto';
import type { Adapter, AdapterPayload } from 'oidc-provider';
import { beforeAll, describe, expect, test } from 'vitest';
import { databaseFixture } from '../database/open-database.js';
import { describeEachDatabase } from '../../support/databases.js';
import { createMemoryAdapter, memoryAdapters } from './memory-adapter.js';

type Adapters = (model: string) => Adapter;

const USED_ONCE = [
  'AuthorizationCode',
  'RefreshToken',
  'DeviceCode',
  'BackchannelAuthenticationRequest',
  'PreAuthorizedCode',
  'PushedAuthorizationRequest',
];
const OF_GRANTS = ['AccessToken', ...USED_ONCE.slice(0, -1)];
const MODELS = [...OF_GRANTS, 'PushedAuthorizationRequest', 'Session', 'Interaction', 'Grant', 'ReplayDetection'];
/** Models with a second key: its name in the payload, and what finds by it. */
const SECOND_KEYS = [
  ['Session', 'uid', 'findByUid'],
  ['DeviceCode', 'userCode', 'findByUserCode'],
] as const;

/** What oidc-provider relies on, one fact each. */
function facts(adapterOf: Adapters): void {
  const fresh = (): string => randomUUID();
  /** Every model has something in `uid`: sessions cannot be saved without. */
  const payload = (more: AdapterPayload = {}): AdapterPayload => ({ uid: fresh(), scope: 'openid', ...more });
  const exp = (seconds: number): number => Math.floor(Date.now() / 1000) + seconds;

  test.each(MODELS)('an unknown %s is not found and can be destroyed', async (model) => {
    const adapter = adapterOf(model);
    expect(await adapter.find(fresh())).toBeUndefined();
    await adapter.destroy(fresh());
  });

  test.each(MODELS)('a saved %s is found unchanged, and not through another model', async (model) => {
    const [id, saved] = [fresh(), payload({ exp: exp(60), params: { deep: ['ü', null, 1.5, true] } })];
    await adapterOf(model).upsert(id, saved, 60);
    expect(await adapterOf(model).find(id)).toEqual(saved);
    for (const other of MODELS.filter((name) => name !== model))
      expect(await adapterOf(other).find(id)).toBeUndefined();
  });

  test.each(MODELS)('%s saved without an end is found', async (model) => {
    const id = fresh();
    await adapterOf(model).upsert(id, payload(), undefined as never);
    expect(await adapterOf(model).find(id)).toBeDefined();
  });

  test.each(MODELS.filter((model) => model !== 'ReplayDetection'))(
    '%s saved again returns only what was saved last',
    async (model) => {
      const [id, adapter, last] = [fresh(), adapterOf(model), payload({ acr: 'new' })];
      await adapter.upsert(id, payload({ nonce: 'old' }), 60);
      await adapter.upsert(id, last, 60);
      expect(await adapter.find(id)).toEqual(last);
    },
  );

  test.each(MODELS)('an expired %s is not found, or its `exp` says so', async (model) => {
    const id = fresh();
    await adapterOf(model).upsert(id, payload({ exp: exp(-1) }), -1);
    const found = await adapterOf(model).find(id);
    if (found) expect(found.exp).toBeLessThan(exp(0));
  });

  test.each(MODELS)('a destroyed %s is not found', async (model) => {
    const id = fresh();
    await adapterOf(model).upsert(id, payload(), 60);
    await adapterOf(model).destroy(id);
    expect(await adapterOf(model).find(id)).toBeUndefined();
  });

  test.each(USED_ONCE)('a consumed %s is found with the second of its use, and others do not change', async (model) => {
    const [adapter, used, other, saved] = [adapterOf(model), fresh(), fresh(), payload()];
    await adapter.upsert(used, { ...saved }, 60);
    await adapter.upsert(other, { ...saved }, 60);
    const before = exp(0);
    await adapter.consume(used);
    const found = await adapter.find(used);
    expect(found).toEqual({ ...saved, consumed: expect.any(Number) as number });
    expect(found!['consumed']).toBeGreaterThanOrEqual(before);
    expect(found!['consumed']).toBeLessThanOrEqual(exp(0));
    expect(await adapter.find(other)).toEqual(saved);
  });

  test('revoking a grant model by model removes everything under it and nothing else', async () => {
    const [grantId, id, other, userCode] = [fresh(), fresh(), fresh(), fresh()];
    for (const model of OF_GRANTS) {
      await adapterOf(model).upsert(id, payload({ grantId, userCode: `${userCode} ${model}` }), 60);
      await adapterOf(model).upsert(other, payload({ grantId: other }), 60);
    }
    await adapterOf('Grant').upsert(grantId, payload(), 60);
    for (const model of OF_GRANTS) await adapterOf(model).revokeByGrantId(grantId);
    for (const model of OF_GRANTS) {
      expect(await adapterOf(model).find(id), model).toBeUndefined();
      expect(await adapterOf(model).find(other), model).toBeDefined();
    }
    expect(await adapterOf('DeviceCode').findByUserCode(`${userCode} DeviceCode`)).toBeUndefined();
    expect(await adapterOf('Grant').find(grantId)).toBeDefined();
    await adapterOf('AccessToken').revokeByGrantId(fresh());
  });

  describe.each(SECOND_KEYS)('%s by %s', (model, key, find) => {
    const save = (id: string, value: string, more: AdapterPayload = {}): Promise<unknown> =>
      adapterOf(model).upsert(id, payload({ [key]: value, ...more }), 60) as Promise<unknown>;
    const found = async (value: string): Promise<unknown> => (await adapterOf(model)[find](value))?.['nonce'];

    test('is found once it is saved', async () => {
      const value = fresh();
      expect(await found(value)).toBeUndefined();
      await save(fresh(), value, { nonce: 'here' });
      expect(await found(value)).toBe('here');
    });

    test('finds the record saved last when several share it', async () => {
      const [value, first] = [fresh(), fresh()];
      for (const nonce of ['1', '2', '3', '4', '5']) {
        await save(nonce === '1' ? first : fresh(), value, { nonce });
        expect(await found(value)).toBe(nonce);
      }
      await save(first, value, { nonce: 'again' });
      expect(await found(value)).toBe('again');
    });

    test('finds a record saved again only by its new value', async () => {
      const [id, before, after] = [fresh(), fresh(), fresh()];
      await save(id, before);
      await save(id, after, { nonce: 'moved' });
      expect(await found(before)).toBeUndefined();
      expect(await found(after)).toBe('moved');
    });

    test('destroyed → not found', async () => {
      const [id, value] = [fresh(), fresh()];
      await save(id, value, { nonce: 'here' });
      await adapterOf(model).destroy(id);
      expect(await found(value)).toBeUndefined();
    });
  });

  test('a consumed device code is consumed by its user code too', async () => {
    const [id, userCode, adapter] = [fresh(), fresh(), adapterOf('DeviceCode')];
    await adapter.upsert(id, payload({ userCode }), 60);
    await adapter.consume(id);
    expect(await adapter.findByUserCode(userCode)).toMatchObject({ consumed: expect.any(Number) as number });
  });
}

// The one of early versions of oidc-provider 9 is a class, and finds a session by a `uid` that it no longer has.
describe.each(createMemoryAdapter ? [createMemoryAdapter()] : [])(
  "oidc-provider's contract: its adapter in memory",
  (adapterOf) => {
    facts(adapterOf);
  },
);

describeEachDatabase("oidc-provider's contract: the adapter", (database) => {
  const db = databaseFixture(database);

  facts((model) => db.adapters(model));

  describe('with a previous adapter', () => {
    const previous = memoryAdapters();
    let adapters: Adapters;
    beforeAll(() => (adapters = db.node(previous)));
    facts((model) => adapters(model));
  });

  // The library does not say what happens then; in memory the second is taken.
  test('rejects a replay that is saved twice', async () => {
    const [id, replays] = [randomUUID(), db.adapters('ReplayDetection')];
    await replays.upsert(id, {}, 60);
    await expect(replays.upsert(id, {}, 60)).rejects.toThrow('invalid_grant');
  });
});
