import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import { coreEntities, coreMigrations, GlobalRevocationModule } from 'nestjs-global-revocation';
import { CreateAppTables1 } from './1-create-app-tables.js';
import { AuthController } from './auth.controller.js';
import { AuthService } from './auth.service.js';
import { MetricsController, MetricsStrategy } from './metrics.controller.js';
import { RefreshToken } from './refresh-token.entity.js';
import { Public, SignedInGuard } from './signed-in.guard.js';
import { User } from './user.entity.js';

@Module({
  imports: [
    TypeOrmModule.forRoot({
      type: 'mariadb',
      url: process.env['DATABASE_URL'],
      entities: [User, RefreshToken, ...coreEntities],
      migrations: [CreateAppTables1, ...coreMigrations],
      migrationsRun: true,
    }),
    TypeOrmModule.forFeature([User, RefreshToken]),
    GlobalRevocationModule.forRoot({
      issuer: 'https://login.example.com',
      users: { entity: User, subject: 'id', email: 'email', attributes: { uid: 'login' } },
      // Dead as soon as the user is revoked; the sweeper clears them away.
      targets: [{ entity: RefreshToken, userColumn: 'userId', action: 'delete', epochColumn: 'epoch' }],
      controllerDecorators: [Public()],
    }),
  ],
  controllers: [AuthController, MetricsController],
  providers: [AuthService, MetricsStrategy, { provide: APP_GUARD, useClass: SignedInGuard }],
})
export class AppModule {}
