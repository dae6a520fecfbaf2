import {
  Column,
  Entity,
  JoinColumn,
  ManyToOne,
  type MigrationInterface,
  PrimaryColumn,
  type QueryRunner,
} from 'typeorm';
import { afterEach, expect, test } from 'vitest';
import { coreEntities, coreMigrations, type UserSource } from '../../../src/module/index.js';
import { CreateHostUser1, type Host, HostUser, startHost } from '../host.js';

class Contact {
  @Column('varchar')
  email!: string;
}

@Entity('team')
class Team {
  @PrimaryColumn('varchar')
  id!: string;
}

/** Some of whose properties can never be equal to a text. */
@Entity('odd_user')
class OddUser {
  @PrimaryColumn('varchar')
  id!: string;

  @Column('varchar')
  login!: string;

  @Column('integer')
  badge!: number;

  @Column(() => Contact)
  contact!: Contact;

  @Column('simple-array')
  mails!: string[];

  @Column('simple-json')
  profile!: object;

  @Column('boolean')
  flag!: boolean;

  @Column({ type: Boolean, name: 'flag' })
  sameFlag!: boolean;

  @Column('datetime')
  createdAt!: Date;

  @Column('blob')
  photo!: Buffer;

  @Column('varchar', { transformer: { to: (value: string) => value, from: (value: string) => value } })
  changed!: string;

  @Column('varchar', { name: 'team_id' })
  teamId!: string;

  @ManyToOne(() => Team)
  @JoinColumn({ name: 'team_id' })
  team!: Team;
}

class CreateOddUser2 implements MigrationInterface {
  readonly name = 'CreateOddUser1763769600007';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE team (id varchar PRIMARY KEY)');
    await runner.query(
      'CREATE TABLE odd_user (id varchar PRIMARY KEY, login varchar, badge integer, contactEmail varchar, mails text, profile text, flag boolean, createdAt datetime, photo blob, changed varchar, team_id varchar)',
    );
  }

  async down(): Promise<void> {}
}

let host: Host | undefined;
afterEach(() => host?.app.close());

const start = async (users: object): Promise<string> => {
  const dataSource = {
    entities: [HostUser, OddUser, Team, ...coreEntities],
    migrations: [CreateHostUser1, CreateOddUser2, ...coreMigrations],
  };
  const source = { entity: OddUser, subject: 'id', ...users } as UserSource<never>;
  try {
    host = await startHost('fastify', { dataSource, options: { users: source } });
    return 'started';
  } catch (error) {
    return (error as Error).message;
  }
};

const fix =
  'which never matches a user: name a property of the entity itself that is a column of text or of whole numbers';

test.each<[users: object, message: string]>([
  [{ email: 'contact.email' }, `users.email: OddUser.contact.email is inside an embedded entity, ${fix}`],
  [{ orderBy: 'contact.email' }, `users.orderBy: OddUser.contact.email is inside an embedded entity, ${fix}`],
  [{ email: 'mails' }, `users.email: OddUser.mails is of the type simple-array, ${fix}`],
  [{ attributes: { p: 'profile' } }, `users.attributes.p: OddUser.profile is of the type simple-json, ${fix}`],
  [{ attributes: { f: 'flag' } }, `users.attributes.f: OddUser.flag is of the type boolean, ${fix}`],
  [{ attributes: { f: 'sameFlag' } }, `users.attributes.f: OddUser.sameFlag is of the type boolean, ${fix}`],
  [{ attributes: { c: 'createdAt' } }, `users.attributes.c: OddUser.createdAt is of the type datetime, ${fix}`],
  [{ subject: 'photo' }, `OddUser.photo is of the type blob, ${fix}`],
  [{ tenant: 'team' }, `users.tenant: OddUser.team is a relation, ${fix}, such as its join column`],
  [{ iss_sub: { 'https://idp.example': 'mails' } }, `users.iss_sub.https://idp.example: OddUser.mails is of`],
])('%j prevents startup, and the message names the fix', async (users, message) => {
  expect(await start(users)).toContain(message);
});

test.each([
  [{ attributes: { uid: 'login', badge: 'badge', changed: 'changed' }, tenant: 'teamId' }],
  [{ orderBy: 'createdAt' }],
])('%j is accepted', async (users) => {
  expect(await start(users)).toBe('started');
});
