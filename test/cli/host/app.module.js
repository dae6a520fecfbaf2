// The application of a host, as its compiler left it: its own users, the shipped clients and flags.
import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import libsql from 'libsql';
import { coreEntities, coreMigrations, GlobalRevocationModule } from 'nestjs-global-revocation';
import { EntitySchema } from 'typeorm';

const User = new EntitySchema({
  name: 'User',
  columns: { id: { type: 'varchar', length: '36', primary: true }, login: { type: 'varchar', length: '36' } },
});

class CreateUser {
  name = 'CreateUser1763769600000';

  async up(runner) {
    await runner.query('CREATE TABLE user (id varchar(36) PRIMARY KEY NOT NULL, login varchar(36) NOT NULL)');
    await runner.query("INSERT INTO user VALUES ('1', 'carol')");
  }
}

/** An application that prints while it is loaded and while it starts. */
class Talk {
  onModuleInit() {
    process.stdout.write('the application starts\n');
  }
}
const talks = process.env['HOST_TALKS'] ? [Talk] : [];
for (const _ of talks) console.log('the application is loaded');

export class AppModule {}
Module({
  imports: [
    TypeOrmModule.forRoot({
      type: 'better-sqlite3',
      driver: libsql,
      database: process.env['HOST_DATABASE'],
      entities: [User, ...coreEntities],
      migrations: [CreateUser, ...coreMigrations],
      migrationsRun: process.env['HOST_MIGRATIONS'] !== 'left',
    }),
    GlobalRevocationModule.forRoot({
      issuer: 'https://op.example.com',
      users: { entity: User, subject: 'id', attributes: { login: 'login' } },
    }),
  ],
  providers: talks,
})(AppModule);

/** An application that has nothing to revoke. */
export class EmptyModule {}
Module({ imports: [] })(EmptyModule);

export const notAModule = 1;
