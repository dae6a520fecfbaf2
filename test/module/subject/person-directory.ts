import { Column, DataSource, type DataSourceOptions, Entity, Index, PrimaryColumn } from 'typeorm';
import { DatabaseDeadline } from '../../../src/module/database/deadline.js';
import { gateSqlite } from '../../../src/module/database/sqlite-gate.js';
import type { CallerRestrictions } from '../../../src/module/options/caller-restrictions.options.js';
import { type GlobalRevocationOptions, resolveOptions } from '../../../src/module/options/global-revocation.options.js';
import { dataSourceOptions } from '../../../src/reference-op/op/data-source.js';
import { parseSubjectIdentifier } from '../../../src/module/subject/subject-identifier.js';
import { TypeOrmUserDirectory } from '../../../src/module/subject/typeorm-user-directory.js';
import { RealmEpoch } from '../../../src/module/revocation/realm-epoch.entity.js';
import { SubjectEpoch } from '../../../src/module/revocation/subject-epoch.entity.js';
import { SubjectEpochs } from '../../../src/module/revocation/subject-epochs.js';
import { type FoundSubject, UserLookupService } from '../../../src/module/subject/user-lookup.service.js';
import type { UserDirectory } from '../../../src/module/subject/user-directory.js';
import type { UserSource } from '../../../src/module/options/users.options.js';
import type { TestDatabase } from '../../support/databases.js';

export const OUR_ISSUER = 'https://op.example.com';
export const THEIR_ISSUER = 'https://idp.example.org/realms/Main';

const optional = { nullable: true } as const;

/** A host's own user, with a column for everything. */
@Entity('person')
export class Person {
  @PrimaryColumn('int')
  key!: number;

  @Index()
  @Column('varchar', { length: 700 })
  sub!: string;

  @Index()
  @Column('varchar', { length: 700, ...optional })
  login!: string | null;

  @Column('varchar', { length: 700, ...optional })
  mail!: string | null;

  @Column('varchar', { length: 700, ...optional })
  phone!: string | null;

  @Column('varchar', { length: 700, ...optional })
  acct!: string | null;

  @Column('varchar', { length: 700, ...optional })
  did!: string | null;

  @Column('varchar', { length: 700, ...optional })
  page!: string | null;

  @Column('varchar', { length: 700, ...optional })
  pseudonym!: string | null;

  @Column('varchar', { length: 700, ...optional })
  idpSub!: string | null;

  @Column('varchar', { length: 700, ...optional })
  team!: string | null;

  @Column('varchar', { length: 700, ...optional })
  tenant!: string | null;

  /** A number, as badge numbers are. */
  @Column('int', optional)
  badge!: number | null;
}

export const personSource: UserSource<Person> = {
  entity: Person,
  subject: 'sub',
  email: 'mail',
  phone_number: 'phone',
  account: 'acct',
  did: 'did',
  uri: 'page',
  opaque: 'pseudonym',
  iss_sub: { [THEIR_ISSUER]: 'idpSub' },
  attributes: { uid: 'login', team: 'team', badge: 'badge' },
  tenant: 'tenant',
  orderBy: 'key',
};

export interface PersonDirectory {
  dataSource: DataSource;
  directory: UserDirectory;
  /** Persons with keys from 1 on; whoever has no `sub` is called after the key. */
  insert(...persons: Partial<Person>[]): Promise<void>;
  /** Whom an identifier names, as JSON sent it. @throws RevocationError */
  find(subId: unknown, restrictions?: CallerRestrictions): Promise<FoundSubject>;
  /** The same, as one word: the account id, or the reason of the refusal. */
  who(subId: unknown, restrictions?: CallerRestrictions): Promise<string>;
  close(): Promise<void>;
}

/** The look-up on a host's own table. */
export async function openPersonDirectory(
  database: TestDatabase,
  source: Partial<UserSource<Person>> = {},
  more: Partial<GlobalRevocationOptions> = {},
): Promise<PersonDirectory> {
  const { url, drop } = await database.create();
  const schema = { entities: [Person, SubjectEpoch, RealmEpoch], migrations: [], synchronize: true };
  const dataSource = gateSqlite(new DataSource({ ...dataSourceOptions(url), ...schema } as DataSourceOptions));
  await dataSource.initialize();
  const options = resolveOptions({ issuer: OUR_ISSUER, users: { ...personSource, ...source }, ...more });
  const directory = new TypeOrmUserDirectory(dataSource, options);
  const deadline = new DatabaseDeadline(20_000);
  const lookup = new UserLookupService(directory, options, deadline, new SubjectEpochs(dataSource, deadline));
  const persons = dataSource.getRepository(Person);
  let key = 0;

  const find: PersonDirectory['find'] = async (subId, restrictions) =>
    lookup.find(parseSubjectIdentifier(subId, directory), restrictions);
  return {
    dataSource,
    directory,
    find,
    insert: async (...rows) => {
      await persons.insert(rows.map((row) => ({ key: (key += 1), sub: `person-${key}`, ...row })));
    },
    who: (subId, restrictions) =>
      find(subId, restrictions).then(
        ({ subject }) => subject,
        (error: { reason?: string }) => error.reason ?? Promise.reject(error as Error),
      ),
    async close() {
      await dataSource.destroy();
      await drop();
    },
  };
}
