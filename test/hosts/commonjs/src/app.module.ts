import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import libsql = require('libsql');
import { coreMigrations, GlobalRevocationModule } from 'nestjs-global-revocation';
import { SignedOut, SignedOutController } from './signed-out.controller';
import { StaffDirectory } from './staff';

@Module({
  imports: [
    TypeOrmModule.forRoot({
      type: 'better-sqlite3',
      driver: libsql,
      database: process.env['DATABASE'] ?? 'app.sqlite',
      enableWAL: true,
      autoLoadEntities: true,
      migrations: coreMigrations,
      migrationsRun: true,
    }),
    GlobalRevocationModule.forRoot({
      issuer: 'https://login.example.com',
      listeners: [SignedOut],
      userDirectory: StaffDirectory,
    }),
  ],
  controllers: [SignedOutController],
  providers: [SignedOut],
})
export class AppModule {}
