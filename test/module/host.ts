import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { Body, Controller, Get, type INestApplication, Module, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { TypeOrmModule } from '@nestjs/typeorm';
import libsql from 'libsql';
import { Column, Entity, type MigrationInterface, PrimaryColumn, type QueryRunner } from 'typeorm';
import { inject } from 'vitest';
import { coreEntities, coreMigrations, GlobalRevocationModule, type GlobalRevocationOptions } from '../../src/index.js';

/** A host's own user. */
@Entity()
export class HostUser {
  @PrimaryColumn('varchar')
  id!: string;

  @Column('varchar')
  login!: string;
}

/** The host's own migration, in the list with ours. */
class CreateHostUser1 implements MigrationInterface {
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
  url: string;
  app: INestApplication;
}

type Extras = Omit<Parameters<typeof GlobalRevocationModule.forRoot>[0], keyof GlobalRevocationOptions>;

export interface HostOptions {
  /** Without our module. */
  plain?: boolean;
  /** Entities of the module in the host's data source. @default all */
  entities?: readonly unknown[];
  extras?: Extras;
  /** Instead of the options of a host with users in its database. */
  options?: GlobalRevocationOptions;
  /** Composed with `forRootAsync`. */
  async?: boolean;
}

/** A small application of somebody else, listening. */
export async function startHost(
  adapter: AdapterName,
  { plain, entities = coreEntities, extras = {}, options: given, async }: HostOptions = {},
): Promise<Host> {
  const database = join(await mkdtemp(join(inject('tempDir'), 'host-')), 'host.sqlite');
  const defaults: GlobalRevocationOptions = {
    issuer: 'http://127.0.0.1',
    users: { entity: HostUser, subject: 'id', attributes: { uid: 'login' } },
  };
  const options = given ?? defaults;

  const ours = [
    TypeOrmModule.forRoot({
      type: 'better-sqlite3',
      driver: libsql,
      database,
      entities: [HostUser, ...(entities as typeof coreEntities)],
      migrations: [CreateHostUser1, ...coreMigrations],
      migrationsRun: true,
    }),
    async
      ? GlobalRevocationModule.forRootAsync({ ...extras, useFactory: () => options })
      : GlobalRevocationModule.forRoot({ ...extras, ...options }),
  ];

  @Module({ imports: plain ? [] : ours, controllers: [HostController] })
  class HostModule {}

  const app = await NestFactory.create(HostModule, adapters[adapter](), { logger: false, abortOnError: false });
  await app.listen(0, '127.0.0.1');
  return { url: await app.getUrl(), app };
}
