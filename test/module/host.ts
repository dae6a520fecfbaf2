import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { Body, Controller, Get, type INestApplication, Module, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { TypeOrmModule } from '@nestjs/typeorm';
import libsql from 'libsql';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { inject } from 'vitest';
import { coreEntities, coreMigrations, GlobalRevocationModule } from '../../src/index.js';

/** A host's own user. */
@Entity()
export class HostUser {
  @PrimaryColumn('varchar')
  id!: string;

  @Column('varchar')
  login!: string;
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

/** A small application of somebody else, listening; with our module or without. */
export async function startHost(
  adapter: keyof typeof adapters,
  withModule: boolean,
): Promise<{ url: string; app: INestApplication }> {
  const database = join(await mkdtemp(join(inject('tempDir'), 'host-')), 'host.sqlite');

  const ours = [
    TypeOrmModule.forRoot({
      type: 'better-sqlite3',
      driver: libsql,
      database,
      entities: [HostUser, ...coreEntities],
      migrations: coreMigrations,
      migrationsRun: true,
    }),
    GlobalRevocationModule.forRoot({
      issuer: 'http://127.0.0.1',
      users: { entity: HostUser, subject: 'id', attributes: { uid: 'login' } },
    }),
  ];

  @Module({ imports: withModule ? ours : [], controllers: [HostController] })
  class HostModule {}

  const app = await NestFactory.create(HostModule, adapters[adapter](), { logger: false });
  await app.listen(0, '127.0.0.1');
  return { url: await app.getUrl(), app };
}
