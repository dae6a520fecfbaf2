import type { INestApplication, ModuleMetadata, Type } from '@nestjs/common';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { getDataSourceToken, TypeOrmModule } from '@nestjs/typeorm';
import type { DataSource, DataSourceOptions } from 'typeorm';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { coreEntities, GlobalRevocationModule, type GlobalRevocationOptions } from '../../src/module/index.js';
import { dataSourceOptions, openDataSource } from '../../src/reference-op/op/data-source.js';
import type { TestDatabase } from './databases.js';

/** A person of a host that is not ours. */
@Entity('host_person')
export class Person {
  @PrimaryColumn('varchar', { length: 64 })
  id!: string;

  @Column('varchar', { length: 64 })
  login!: string;
}

/** Somebody else's application: its own tables, its own providers, and our module. */
export interface NestHost {
  app: INestApplication;
  dataSource: DataSource;
  databaseUrl: string;
  url: string;
  stop(): Promise<void>;
}

export interface NestHostParts {
  entities?: Type[];
  module?: Pick<ModuleMetadata, 'providers' | 'controllers'>;
  options?: Partial<GlobalRevocationOptions>;
  /** Database to use instead of a fresh one; it is not dropped. */
  databaseUrl?: string;
}

/** Starts it, on any free port. Its tables are made from its entities. */
export async function startNestHost(database: TestDatabase, parts: NestHostParts = {}): Promise<NestHost> {
  const own = parts.databaseUrl === undefined ? await database.create() : undefined;
  const databaseUrl = parts.databaseUrl ?? own!.url;
  const entities = [Person, ...coreEntities, ...(parts.entities ?? [])];

  @Module({ ...parts.module, imports: [TypeOrmModule.forFeature(parts.entities ?? [])] })
  class FeatureModule {}

  @Module({
    imports: [
      TypeOrmModule.forRootAsync({
        useFactory: () => ({
          ...dataSourceOptions(databaseUrl),
          entities,
          migrations: [],
          migrationsRun: false,
          synchronize: own !== undefined,
          retryAttempts: 0,
        }),
        dataSourceFactory: (options) => openDataSource(options as DataSourceOptions),
      }),
      GlobalRevocationModule.forRoot({
        isGlobal: true,
        issuer: 'http://127.0.0.1',
        users: { entity: Person, subject: 'id', attributes: { uid: 'login' } },
        sweepIntervalMs: 0,
        ...parts.options,
      }),
      FeatureModule,
    ],
  })
  class HostModule {}

  const app = await NestFactory.create(HostModule, { logger: ['error', 'warn', 'fatal'], abortOnError: false });
  try {
    await app.listen(0, '127.0.0.1');
  } catch (error) {
    await app.close();
    await own?.drop();
    throw error;
  }
  return {
    app,
    dataSource: app.get<DataSource>(getDataSourceToken()),
    databaseUrl,
    url: await app.getUrl(),
    async stop() {
      await app.close();
      await own?.drop();
    },
  };
}
