import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import libsql from 'libsql';
import { coreEntities, coreMigrations, GlobalRevocationModule } from 'nestjs-global-revocation';
import {
  OIDC_STORAGE_KEY,
  oidcProviderEntities,
  oidcProviderMigrations,
  OidcRevocation,
} from 'nestjs-global-revocation/oidc-provider';
import Provider from 'oidc-provider';
import { CreatePerson1 } from './1-create-person.js';
import { InteractionController } from './interaction.controller.js';
import { PeopleService } from './people.service.js';
import { Person } from './person.entity.js';
import { createProvider } from './provider.js';
import { database, issuer, storageKey } from './settings.js';

@Module({
  imports: [
    TypeOrmModule.forRoot({
      type: 'better-sqlite3',
      driver: libsql,
      database,
      enableWAL: true,
      entities: [Person, ...coreEntities, ...oidcProviderEntities],
      migrations: [CreatePerson1, ...coreMigrations, ...oidcProviderMigrations],
      migrationsRun: true,
    }),
    TypeOrmModule.forFeature([Person]),
    GlobalRevocationModule.forRoot({
      issuer,
      users: { entity: Person, subject: 'id', email: 'email' },
    }),
  ],
  controllers: [InteractionController],
  providers: [
    { provide: OIDC_STORAGE_KEY, useFactory: storageKey },
    OidcRevocation,
    PeopleService,
    { provide: Provider, useFactory: createProvider, inject: [OidcRevocation, PeopleService] },
  ],
})
export class AppModule {}
