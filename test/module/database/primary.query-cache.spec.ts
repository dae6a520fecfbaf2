import type { QueryResultCache } from 'typeorm/cache/QueryResultCache.js';
import type { QueryResultCacheOptions } from 'typeorm/cache/QueryResultCacheOptions.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  Client,
  ClientRegistry,
  coreEntities,
  coreMigrations,
  FeatureFlag,
  FeatureFlags,
  Revocation,
  StartChecks,
  Sweeper,
} from '../../../src/module/index.js';
import { inTransaction, onPrimary } from '../../../src/module/database/primary.js';
import { dataSourceOptions } from '../../../src/reference-op/op/data-source.js';
import { describeEachDatabase } from '../../support/databases.js';
import { basic } from '../../support/operator.js';
import {
  CreateHostUser1,
  type Host,
  type HostOptions,
  HostUser,
  operator,
  registerCallers,
  startHost,
} from '../host.js';

const FLAG = 'GLOBAL_TOKEN_REVOCATION';

/** What every query is answered from for a minute, as TypeORM's own caches do it. */
class Cache implements QueryResultCache {
  private readonly known = new Map<string, QueryResultCacheOptions>();
  connect = async (): Promise<void> => {};
  disconnect = async (): Promise<void> => {};
  synchronize = async (): Promise<void> => {};
  clear = async (): Promise<void> => {};
  remove = async (): Promise<void> => {};
  isExpired = (): boolean => false;

  getFromCache({ query }: QueryResultCacheOptions): Promise<QueryResultCacheOptions | undefined> {
    return Promise.resolve(this.known.get(query!));
  }

  storeInCache(options: QueryResultCacheOptions): Promise<void> {
    this.known.set(options.query!, options);
    return Promise.resolve();
  }

  queries(): string[] {
    return [...this.known.keys()];
  }
}

describeEachDatabase('a host whose TypeORM caches every query', (database) => {
  let host: Host;
  let drop: () => Promise<void>;
  const cache = new Cache();

  beforeAll(async () => {
    const created = await database.create();
    drop = created.drop;
    const dataSource = {
      ...dataSourceOptions(created.url),
      entities: [HostUser, ...coreEntities],
      migrations: [CreateHostUser1, ...coreMigrations],
      migrationsRun: true,
      cache: { alwaysEnabled: true, duration: 60_000, provider: () => cache },
    } as HostOptions['dataSource'] & object;
    host = await startHost('fastify', { dataSource });
    await registerCallers(host);
  });
  afterAll(async () => {
    await host?.app.close();
    await drop();
  });

  const call = async (id: string): Promise<number> => {
    const response = await fetch(`${host.url}/global-token-revocation`, {
      method: 'POST',
      headers: { authorization: basic(operator.id, operator.secret), 'content-type': 'application/json' },
      body: JSON.stringify({ sub_id: { format: 'uid', id } }),
    });
    return response.status;
  };
  test("the host's own reads are cached as configured", async () => {
    await host.dataSource.getRepository(HostUser).find();
    expect(cache.queries()).toContainEqual(expect.stringContaining('host_user'));
  });

  test('a new, renamed or deleted user is noticed immediately', async () => {
    expect(await call('cleo')).toBe(404);
    await host.dataSource.query(`INSERT INTO host_user (id, login) VALUES ('3', 'cleo')`);
    expect(await call('cleo')).toBe(204);
    await host.dataSource.query(`UPDATE host_user SET login = 'kleo' WHERE id = '3'`);
    expect([await call('cleo'), await call('kleo')]).toEqual([404, 204]);
  });

  test('a flag switched on another node and a disabled client are noticed immediately', async () => {
    const flags = host.app.get(FeatureFlags);
    await flags.set(FLAG, true, 'test');
    await flags.list();
    await host.dataSource.getRepository(FeatureFlag).update({ name: FLAG }, { enabled: 0 });
    expect(await flags.list()).toMatchObject([{ enabled: false }, { name: 'SHARED_SIGNALS' }]);
    await flags.set(FLAG, true, 'test');
    await host.app.get(ClientRegistry).find(operator.id);
    await host.dataSource.getRepository(Client).update({ clientId: operator.id }, { enabled: 0 });
    expect(await host.app.get(ClientRegistry).find(operator.id)).toMatchObject({ enabled: false });
    await host.dataSource.getRepository(Client).update({ clientId: operator.id }, { enabled: 1 });
  });

  test('records are swept, and the cache holds nothing of the module', async () => {
    await host.app.get(Sweeper).sweep(0);
    const records = await onPrimary(host.dataSource, (manager) => manager.find(Revocation));
    expect(records.map(({ completedAt }) => completedAt === null)).not.toContain(true);
    await host.app.get(StartChecks).findings();
    expect(
      cache.queries().filter((query) => /gtr_(client|feature|revocation|subject|assertion|change)/.test(query)),
    ).toEqual([]);
  });

  test.each([
    ['on the primary', onPrimary],
    ['in a transaction', inTransaction],
  ])('every way to read, %s, returns what is in the table', async (_where, run) => {
    const look = () =>
      run(host.dataSource, async (manager) => [
        await manager.count(HostUser),
        await manager.existsBy(HostUser, { login: 'dora' }),
        (await manager.find(HostUser)).length,
        (await manager.findOneBy(HostUser, { login: 'dora' }))?.login,
        await manager.getRepository(HostUser).countBy({ login: 'dora' }),
        (await manager.createQueryBuilder(HostUser, 'u').where({ login: 'dora' }).getMany()).length,
        (await manager.createQueryBuilder(HostUser, 'u').where({ login: 'dora' }).getRawMany()).length,
      ]);
    await host.dataSource.query(`DELETE FROM host_user WHERE id = '4'`);
    const before = await look();
    await host.dataSource.query(`INSERT INTO host_user (id, login) VALUES ('4', 'dora')`);
    const number = Number(before[0]);
    expect(before).toEqual([number, false, number, undefined, 0, 0, 0]);
    expect(await look()).toEqual([number + 1, true, number + 1, 'dora', 1, 1, 1]);
  });
});
