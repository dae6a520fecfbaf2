import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import { coreEntities, coreMigrations, GlobalRevocationModule } from 'nestjs-global-revocation';
import { CreateAppTables1 } from './1-create-app-tables.js';
import { AuthController } from './auth.controller.js';
import { AuthService } from './auth.service.js';
import { database } from './database.js';
import { RefreshToken } from './refresh-token.entity.js';
import { Public, SignedInGuard } from './signed-in.guard.js';
import { User } from './user.entity.js';

@Module({
  imports: [
    TypeOrmModule.forRoot({
      ...database,
      entities: [User, RefreshToken, ...coreEntities],
      migrations: [CreateAppTables1, ...coreMigrations],
      migrationsRun: true,
    }),
    TypeOrmModule.forFeature([User, RefreshToken]),
    GlobalRevocationModule.forRoot({
      issuer: process.env['ISSUER'] ?? 'http://localhost:3000',
      // Serves the well-known documents in which callers find the endpoint.
      metadata: {},
      // How callers name users.
      users: { entity: User, subject: 'id', email: 'email', attributes: { uid: 'login' } },
      // Rows with an old epoch are dead with the 204; this deletes them.
      targets: [{ entity: RefreshToken, userColumn: 'userId', action: 'delete', epochColumn: 'epoch' }],
      // The global guard lets the endpoint through: it authenticates its callers itself.
      controllerDecorators: [Public()],
      isGlobal: true,
    }),
  ],
  controllers: [AuthController],
  providers: [AuthService, { provide: APP_GUARD, useClass: SignedInGuard }],
})
export class AppModule {}
