import 'reflect-metadata';
import { randomBytes } from 'node:crypto';
import { Module } from '@nestjs/common';
import { getRepositoryToken, TypeOrmModule } from '@nestjs/typeorm';
import libsql from 'libsql';
import { coreEntities, coreMigrations, GlobalRevocationModule } from 'nestjs-global-revocation';
import {
  OIDC_STORAGE_KEY,
  oidcProviderEntities,
  oidcProviderMigrations,
  OidcRevocation,
} from 'nestjs-global-revocation/oidc-provider';
import Provider from 'oidc-provider';
import { CreatePerson1, Person } from './person.js';
import { createProvider } from './provider.js';

const { PORT = '3000', ISSUER: issuer = `http://localhost:${PORT}`, STORAGE_KEY } = process.env;

/** The only part of Nest in this application. The command line needs it too. */
export class AppModule {}

Module({
  imports: [
    TypeOrmModule.forRoot({
      type: 'better-sqlite3',
      driver: libsql,
      database: 'op.sqlite',
      enableWAL: true,
      entities: [Person, ...coreEntities, ...oidcProviderEntities],
      migrations: [CreatePerson1, ...coreMigrations, ...oidcProviderMigrations],
      migrationsRun: true,
    }),
    TypeOrmModule.forFeature([Person]),
    GlobalRevocationModule.forRoot({ issuer, users: { entity: Person, subject: 'id', email: 'email' } }),
  ],
  providers: [
    // 32 bytes that encrypt what the database stores. Without STORAGE_KEY, everybody signs in again after a restart.
    {
      provide: OIDC_STORAGE_KEY,
      useFactory: () => (STORAGE_KEY ? Buffer.from(STORAGE_KEY, 'base64url') : randomBytes(32)),
    },
    OidcRevocation,
    {
      provide: Provider,
      inject: [OidcRevocation, getRepositoryToken(Person)],
      useFactory: (revocation, people) => createProvider(issuer, revocation, people),
    },
  ],
})(AppModule);
