import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import {
  Body,
  Controller,
  Get,
  type INestApplication,
  Module,
  type ModuleMetadata,
  type NestApplicationOptions,
  Post,
  type Provider,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter, type NestExpressApplication } from '@nestjs/platform-express';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { getDataSourceToken, TypeOrmModule, type TypeOrmModuleOptions } from '@nestjs/typeorm';
import libsql from 'libsql';
import {
  Column,
  type DataSource,
  type DataSourceOptions,
  Entity,
  type MigrationInterface,
  PrimaryColumn,
  type QueryRunner,
} from 'typeorm';
import { inject } from 'vitest';
import { freePort } from '../support/free-port.js';
import { sha256Hex } from '../../src/module/database/digest.js';
import {
  Client,
  coreEntities,
  coreMigrations,
  GLOBAL_REVOCATION_SCOPE,
  GlobalRevocationModule,
  type GlobalRevocationOptions,
} from '../../src/module/index.js';

/** A host's own user. */
@Entity()
export class HostUser {
  @PrimaryColumn('varchar')
  id!: string;

  @Column('varchar')
  login!: string;
}

/** The host's own migration, in the list with ours. */
export class CreateHostUser1 implements MigrationInterface {
  readonly name = 'CreateHostUser1763769600000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE host_user (id varchar(36) NOT NULL PRIMARY KEY, login varchar(190) NOT NULL)');
    await runner.query(`INSERT INTO host_user VALUES ('1', 'ann'), ('2', 'ben')`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('host_user');
  }
}

/** A host's own routes. */
@Controller('host')
class HostController {
  @Get()
  read() {
    return { read: true };
  }

  @Post()
  echo(@Body() body: unknown) {
    return { body };
  }
}

export const adapters = { express: () => new ExpressAdapter(), fastify: () => new FastifyAdapter() };
export type AdapterName = keyof typeof adapters;

export interface Host {
  /** Where it listens. */
  url: string;
  app: INestApplication;
  dataSource: DataSource;
}

type Extras = Omit<Parameters<typeof GlobalRevocationModule.forRoot>[0], keyof GlobalRevocationOptions>;

type AsyncOptions = Parameters<typeof GlobalRevocationModule.forRootAsync>[0];

/** What hosts do differently. */
export interface HostOptions {
  /** Without our module. */
  plain?: boolean;
  extras?: Extras;
  /** Over the options of a host with users in its database. */
  options?: Partial<GlobalRevocationOptions>;
  /** Composed with `forRootAsync`; by default with a factory of the options above. */
  async?: boolean | Pick<AsyncOptions, 'useFactory' | 'useClass' | 'useExisting' | 'inject'>;
  /** Over the data source: SQLite unless it has a `type`; its own migration and all of ours. */
  dataSource?: Partial<TypeOrmModuleOptions>;
  dataSourceFactory?: (options?: DataSourceOptions) => Promise<DataSource>;
  /** Beside ours in the host's module. */
  imports?: ModuleMetadata['imports'];
  providers?: Provider[];
  create?: NestApplicationOptions;
  /** Between `create()` and `listen()`. */
  configure?: (app: NestExpressApplication & NestFastifyApplication) => void;
  /** Path of the issuer. */
  issuerPath?: string;
}

/** A small application of somebody else, listening. */
export async function startHost(adapter: AdapterName, host: HostOptions = {}): Promise<Host> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const options: GlobalRevocationOptions = {
    issuer: url + (host.issuerPath ?? ''),
    users: { entity: HostUser, subject: 'id', attributes: { uid: 'login' } },
    sweepIntervalMs: 0,
    ...host.options,
  };
  const { extras } = host;
  const ours = [
    TypeOrmModule.forRootAsync({
      useFactory: async () => ({ ...(await dataSourceOf(host)), retryAttempts: 0 }) as TypeOrmModuleOptions,
      ...(host.dataSourceFactory && { dataSourceFactory: host.dataSourceFactory }),
    }),
    host.async
      ? GlobalRevocationModule.forRootAsync({
          ...extras,
          ...(host.async === true ? { useFactory: () => options } : host.async),
        })
      : GlobalRevocationModule.forRoot({ ...extras, ...options }),
  ];

  @Module({
    imports: [...(host.plain ? [] : ours), ...(host.imports ?? [])],
    providers: host.providers ?? [],
    controllers: [HostController],
  })
  class HostModule {}

  const app = await NestFactory.create<NestExpressApplication & NestFastifyApplication>(
    HostModule,
    adapters[adapter](),
    { logger: false, abortOnError: false, ...host.create },
  );
  try {
    host.configure?.(app);
    await app.listen(port, '127.0.0.1');
  } catch (error) {
    await app.close();
    throw error;
  }
  const dataSource = host.plain ? (undefined as never) : app.get<DataSource>(getDataSourceToken(), { strict: false });
  return { url, app, dataSource };
}

const dataSourceOf = async ({ dataSource }: HostOptions): Promise<object> =>
  dataSource?.type ? { ...tables, ...dataSource } : { ...(await sqlite()), ...tables, ...dataSource };

/** The tables of the host and ours. */
const tables = {
  entities: [HostUser, ...coreEntities],
  migrations: [CreateHostUser1, ...coreMigrations],
  migrationsRun: true,
};

/** A fresh SQLite file. */
const sqlite = async () => ({
  type: 'better-sqlite3',
  driver: libsql,
  database: join(await mkdtemp(join(inject('tempDir'), 'host-')), 'host.sqlite'),
});

export const operator = { id: 'operator', secret: 'operator-secret' };
export const noScope = { id: 'no-scope', secret: 'no-scope-secret' };

/** Registers {@link operator} and {@link noScope}. */
export async function registerCallers({ dataSource }: Pick<Host, 'dataSource'>): Promise<void> {
  const clients = [
    { ...operator, scope: GLOBAL_REVOCATION_SCOPE },
    { ...noScope, scope: 'openid' },
  ].map(({ id, secret, scope }) => ({
    clientId: id,
    clientIdHash: sha256Hex(id),
    secretHash: sha256Hex(secret),
    scope,
    enabled: 1,
    demo: 0,
    metadata: {},
  }));
  await dataSource.getRepository(Client).insert(clients as never);
}
