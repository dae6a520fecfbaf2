import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { type INestApplication, Module, type ModuleMetadata } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { getDataSourceToken, TypeOrmModule, type TypeOrmModuleOptions } from '@nestjs/typeorm';
import libsql from 'libsql';
import { Column, type DataSource, Entity, PrimaryColumn } from 'typeorm';
import { afterEach, describe, expect, inject, test } from 'vitest';
import {
  coreEntities,
  coreMigrations,
  GlobalRevocationModule,
  REVOCATION_DATA_SOURCE,
  StartChecks,
  SubjectEpochs,
} from '../../src/module/index.js';
import {
  OidcRevocation,
  oidcProviderEntities,
  oidcProviderMigrations,
  OIDC_STORAGE_KEY,
} from '../../src/module/oidc-provider/index.js';
import { CreateHostUser1, HostUser, operator, registerCallers } from './host.js';

/** What the host keeps in the `DataSource` without a name. */
@Entity('host_order')
class Order {
  @PrimaryColumn('varchar')
  id!: string;

  @Column('varchar')
  article!: string;
}

const sqlite = async (name: string): Promise<TypeOrmModuleOptions> => ({
  type: 'better-sqlite3',
  driver: libsql,
  database: join(await mkdtemp(join(inject('tempDir'), 'named-')), `${name}.sqlite`),
  retryAttempts: 0,
});

const auth = { entities: [HostUser, ...coreEntities, ...oidcProviderEntities], migrationsRun: true };

let app: INestApplication | undefined;
afterEach(async () => {
  await app?.close();
  app = undefined;
});

/** A host whose `DataSource` without a name has its orders, and the one called `auth` our tables and its users. */
async function start(options: { dataSource?: string }): Promise<INestApplication> {
  const imports: ModuleMetadata['imports'] = [
    TypeOrmModule.forRoot({ ...(await sqlite('orders')), entities: [Order], synchronize: true }),
    TypeOrmModule.forRoot({
      ...(await sqlite('auth')),
      ...auth,
      migrations: [CreateHostUser1, ...coreMigrations, ...oidcProviderMigrations],
      name: 'auth',
    }),
    GlobalRevocationModule.forRoot({
      issuer: 'http://127.0.0.1',
      users: { entity: HostUser, subject: 'id', attributes: { uid: 'login' } },
      sweepIntervalMs: 0,
      isGlobal: true,
      ...options,
    }),
  ];
  @Module({ imports, providers: [OidcRevocation, { provide: OIDC_STORAGE_KEY, useValue: Buffer.alloc(32, 7) }] })
  class HostModule {}

  const created = await NestFactory.create(HostModule, { logger: false, abortOnError: false });
  await created.listen(0, '127.0.0.1');
  return created;
}

describe('a host with two data sources', () => {
  test('has everything of ours in the one that the option dataSource names', async () => {
    app = await start({ dataSource: 'auth' });
    const named = app.get<DataSource>(getDataSourceToken('auth'), { strict: false });
    expect(app.get(REVOCATION_DATA_SOURCE, { strict: false })).toBe(named);
    expect(await app.get(StartChecks).findings()).toEqual([]);
    await registerCallers({ dataSource: named });
    const epoch = await app.get(SubjectEpochs).epochForSignIn('1');
    const authorization = `Basic ${Buffer.from(`${operator.id}:${operator.secret}`).toString('base64')}`;
    const { status } = await fetch(`${await app.getUrl()}/global-token-revocation`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: '{"sub_id":{"format":"opaque","id":"1"}}',
    });
    expect(status).toBe(204);
    expect(await app.get(SubjectEpochs).isCurrent('1', epoch)).toBe(false);
    expect(await named.query('SELECT COUNT(*) AS records FROM gtr_revocation')).toEqual([{ records: 1 }]);
    const orders = app.get<DataSource>(getDataSourceToken(), { strict: false });
    expect(await orders.query(`SELECT name FROM sqlite_master WHERE name LIKE 'gtr_%'`)).toEqual([]);
  });

  test('keeps the records of oidc-provider there, too', async () => {
    app = await start({ dataSource: 'auth' });
    const named = app.get<DataSource>(getDataSourceToken('auth'), { strict: false });
    await app.get(OidcRevocation).adapter('ReplayDetection').upsert('once', { iss: 'https://rp.example' }, 60);
    expect(await named.query('SELECT COUNT(*) AS records FROM gtr_oidc_record')).toEqual([{ records: 1 }]);
  });

  test('does not start without the option, because the other one has no tables of ours', async () => {
    await expect(start({})).rejects.toThrow(/the DataSource has no entity|No metadata/);
  });

  test('does not start with a name that no data source has', async () => {
    await expect(start({ dataSource: 'nobody' })).rejects.toThrow(/nobodyDataSource/);
  });
});
