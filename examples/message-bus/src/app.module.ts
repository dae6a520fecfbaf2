import { Module } from '@nestjs/common';
import { ClientsModule, Transport } from '@nestjs/microservices';
import { TypeOrmModule } from '@nestjs/typeorm';
import libsql from 'libsql';
import { coreEntities, coreMigrations, GlobalRevocationModule } from 'nestjs-global-revocation';
import { BusSink } from './bus.sink.js';
import { CreateUser1, User } from './user.entity.js';

const port = Number(process.env['BUS_PORT'] ?? 4001);

@Module({
  imports: [
    TypeOrmModule.forRoot({
      ...{ type: 'better-sqlite3', driver: libsql, database: 'app.sqlite', enableWAL: true },
      entities: [User, ...coreEntities],
      migrations: [CreateUser1, ...coreMigrations],
      migrationsRun: true,
    }),
    // TCP needs no broker. Put your transport here: NATS, Kafka, RabbitMQ, Redis …
    ClientsModule.register([{ name: 'BUS', transport: Transport.TCP, options: { port } }]),
    GlobalRevocationModule.forRoot({
      issuer: process.env['ISSUER'] ?? 'http://localhost:3000',
      metadata: {},
      users: { entity: User, subject: 'id', attributes: { uid: 'login' } },
      notifications: { sinks: [BusSink] },
    }),
  ],
  providers: [BusSink],
})
export class AppModule {}
