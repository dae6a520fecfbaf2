import { getDataSourceToken, type TypeOrmModuleOptions } from '@nestjs/typeorm';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  Client,
  coreEntities,
  FeatureFlag,
  FeatureFlags,
  Revocation,
  SubjectEpoch,
  SubjectEpochs,
  Sweeper,
} from '../../../src/module/index.js';
import { oidcAdapters } from '../../../src/module/oidc-provider/oidc-adapters.js';
import { inheritEpoch, runInEpochContext } from '../../../src/module/oidc-provider/epoch-context.js';
import { RecordSweep } from '../../../src/module/oidc-provider/record-sweep.js';
import { oidcProviderEntities, oidcProviderMigrations } from '../../../src/module/oidc-provider/entities.js';
import { OidcRecord } from '../../../src/module/oidc-provider/oidc-record.entity.js';
import { ClientRegistry } from '../../../src/module/caller/clients/client-registry.js';
import { sha256Hex } from '../../../src/module/database/digest.js';
import { DatabaseDeadline } from '../../../src/module/database/deadline.js';
import { coreMigrations } from '../../../src/module/entities.js';
import { subjectKey } from '../../../src/module/revocation/subject-epochs.js';
import { send } from '../endpoint/send.js';
import { CreateHostUser1, type Host, HostUser, operator, registerCallers, startHost } from '../host.js';
import { databases } from '../../support/databases.js';
import { basic } from '../../support/operator.js';

const mariadb = databases.find(({ name }) => name === 'mariadb')!;
const entities = [HostUser, ...coreEntities, ...oidcProviderEntities];
const migrations = [CreateHostUser1, ...coreMigrations, ...oidcProviderMigrations];
const headers = { 'content-type': 'application/json', authorization: basic(operator.id, operator.secret) };
const body = '{"sub_id":{"format":"uid","id":"ann"}}';
const FLAG = 'GLOBAL_TOKEN_REVOCATION';

/** Two databases: TypeORM reads the second, which has stood still since it was copied. */
describe.skipIf(!mariadb.available)('TypeORM replication with a delayed replica', () => {
  let host: Host;
  let primary: { url: string; drop: () => Promise<void> };
  let replica: { url: string; drop: () => Promise<void> };
  let stale: DataSource;

  beforeAll(async () => {
    [primary, replica] = [await mariadb.create(), await mariadb.create()];
    const mysql = (url: string) => url.replace(/^mariadb:/, 'mysql:');
    const common = { type: 'mariadb', entities, migrations, timezone: 'Z' } as const;
    stale = await new DataSource({
      ...common,
      url: mysql(replica.url),
      migrationsRun: true,
    } as DataSourceOptions).initialize();
    const replication = { master: { url: mysql(primary.url) }, slaves: [{ url: mysql(replica.url) }] };
    host = await startHost('express', {
      dataSource: { ...common, replication } as TypeOrmModuleOptions,
    });
    await registerCallers(host);
    await registerCallers({ dataSource: stale });
  });
  afterAll(async () => {
    await host?.app.close();
    await stale?.destroy();
    await Promise.all([primary.drop(), replica.drop()]);
  });

  const status = async () => (await send(`${host.url}/global-token-revocation`, { headers, body })).status;

  test('TypeORM reads from the replica by default', async () => {
    await stale.getRepository(Client).update({ clientId: operator.id }, { scope: 'stale' });
    const client = await host.dataSource.getRepository(Client).findOneByOrFail({ clientId: operator.id });
    expect(client.scope).toBe('stale');
  });

  test('rejects a client that is disabled on the primary', async () => {
    const clients = host.dataSource.getRepository(Client);
    expect(await status()).toBe(204);
    await clients.update({ clientId: operator.id }, { enabled: 0 });
    expect(await status()).toBe(401);
    expect(await host.app.get(ClientRegistry).find(operator.id)).toMatchObject({ enabled: false });
    await clients.update({ clientId: operator.id }, { enabled: 1 });
    expect(await status()).toBe(204);
  });

  test('a flag switched off on the primary is off', async () => {
    const flags = host.app.get(FeatureFlags);
    await flags.set(FLAG, false, 'test');
    expect(await stale.getRepository(FeatureFlag).count()).toBe(0);
    expect(await flags.list()).toMatchObject([{ enabled: false, source: 'stored' }, { name: 'SHARED_SIGNALS' }]);
    expect(await status()).toBe(403);
    await flags.set(FLAG, true, 'test');
  });

  test('finds users on the primary only', async () => {
    await host.dataSource.query(`UPDATE host_user SET login = 'anna' WHERE id = '1'`);
    expect(await status()).toBe(404);
    await host.dataSource.query(`UPDATE host_user SET login = 'ann' WHERE id = '1'`);
    expect(await status()).toBe(204);
  });

  test('reads epochs from the primary', async () => {
    const epochs = host.app.get(SubjectEpochs);
    const before = await epochs.epochForSignIn('1');
    await stale.getRepository(SubjectEpoch).insert({ subjectHash: subjectKey('1'), epoch: before, previous: 0 });
    expect(await status()).toBe(204);
    expect(await epochs.current('1')).toBeGreaterThan(before);
    expect(await epochs.isCurrent('1', before)).toBe(false);
  });

  describe("oidc-provider's records", () => {
    const sweepOnly = () => new RecordSweep(host.app.get<DataSource>(getDataSourceToken()));
    const adapters = () =>
      oidcAdapters({
        dataSource: host.dataSource,
        deadline: host.app.get(DatabaseDeadline),
        clients: host.app.get(ClientRegistry),
        storageKey: new Uint8Array(32).fill(7),
      });
    const copyToReplica = async (): Promise<void> => {
      await stale.getRepository(OidcRecord).clear();
      const rows = await host.dataSource.transaction((manager) => manager.find(OidcRecord));
      await stale.getRepository(OidcRecord).insert(rows as never);
    };

    test('rejects a token that is revoked on the primary and live on the replica', async () => {
      const tokens = adapters()('AccessToken');
      const epoch = await host.app.get(SubjectEpochs).epochForSignIn('1');
      await runInEpochContext(async () => {
        inheritEpoch('1', epoch);
        await tokens.upsert('token', { accountId: '1' }, 600);
      });
      await copyToReplica();
      await stale
        .getRepository(SubjectEpoch)
        .upsert({ subjectHash: subjectKey('1'), epoch: epoch, previous: 0 }, ['subjectHash']);
      expect(await tokens.find('token')).toMatchObject({ accountId: '1' });
      expect(await status()).toBe(204);
      expect(await tokens.find('token')).toBeUndefined();
    });

    test('keeps a session that expired on the replica and was extended on the primary', async () => {
      const sessions = adapters()('Session');
      await sessions.upsert('session', { uid: 'session' }, 600);
      await copyToReplica();
      await stale.getRepository(OidcRecord).update({ kind: 'Session' }, { expiresAt: 1 });
      expect(await sweepOnly().purge(Date.now(), 100)).toBe(0);
      expect(await sessions.find('session')).toMatchObject({ uid: 'session' });
    });

    test('sweeps and completes records that only the primary has', async () => {
      const sweeper = host.app.get(Sweeper);
      sweeper.add(sweepOnly());
      await sweeper.sweep(0);
      const records = await host.dataSource.transaction((manager) => manager.find(Revocation));
      expect(records.length).toBeGreaterThan(0);
      expect(records.every(({ completedAt }) => completedAt !== null)).toBe(true);
      expect(records.reduce((sum, { tokens }) => sum + tokens, 0)).toBe(1);
    });
  });

  test('accepts only the secret on the primary', async () => {
    await host.dataSource.getRepository(Client).update({ clientId: operator.id }, { secretHash: sha256Hex('new') });
    expect(await status()).toBe(401);
  });
});
