import {
  Column,
  type DataSource,
  DeleteDateColumn,
  Entity,
  Index,
  type MigrationInterface,
  PrimaryColumn,
  type QueryRunner,
  Table,
} from 'typeorm';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import {
  coreEntities,
  coreMigrations,
  type GlobalRevocationOptions,
  Revocation,
  SubjectEpochs,
  type UserSource,
} from '../../../src/module/index.js';
import { dataSourceOf } from '../../../src/module/database/data-source-of.js';
import { dataSourceOptions } from '../../../src/reference-op/op/data-source.js';
import { describeEachDatabase, type TestDatabase } from '../../support/databases.js';
import { basic } from '../../support/operator.js';
import { type Host, type HostOptions, operator, registerCallers, startHost } from '../host.js';

/** Somebody who signs off is marked, and stays a row. */
@Entity('member')
class Member {
  @PrimaryColumn('varchar', { length: 36 })
  id!: string;

  @Index()
  @Column('varchar', { length: 190 })
  login!: string;

  @Column('varchar', { length: 190 })
  mail!: string;

  @DeleteDateColumn({ name: 'gone_at', nullable: true })
  goneAt!: Date | null;
}

class CreateMember1 implements MigrationInterface {
  readonly name = 'CreateMember1763769600000';

  async up(runner: QueryRunner): Promise<void> {
    const names = ['id', 'login', 'mail'].map((name) => ({ name, type: 'varchar', length: '190' }));
    const goneAt = {
      name: 'gone_at',
      type: dataSourceOf(runner).driver.mappedDataTypes.deleteDate as string,
      isNullable: true,
    };
    await runner.createTable(
      new Table({ name: 'member', columns: [{ ...names[0]!, isPrimary: true }, names[1]!, names[2]!, goneAt] }),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('member');
  }
}

const source: UserSource<Member> = {
  entity: Member,
  subject: 'id',
  email: 'mail',
  account: ({ user }) => ({ login: user }),
  attributes: { uid: 'login' },
};

async function startOn(database: TestDatabase, options: Partial<GlobalRevocationOptions>) {
  const { url, drop } = await database.create();
  const schema = { entities: [Member, ...coreEntities], migrations: [CreateMember1, ...coreMigrations] };
  const dataSource = { ...dataSourceOptions(url), ...schema, migrationsRun: true } as HostOptions['dataSource'] &
    object;
  const host = await startHost('fastify', { dataSource, options: { users: source as never, ...options } });
  await registerCallers(host);
  return { host, drop };
}

describeEachDatabase('users who are soft-deleted', (database) => {
  const hosts: Partial<Record<'first' | 'reject', { host: Host; drop: () => Promise<void> }>> = {};
  let dataSource: DataSource;
  let host: Host;

  beforeAll(async () => {
    for (const ambiguousSubject of ['first', 'reject'] as const) {
      hosts[ambiguousSubject] = await startOn(database, { ambiguousSubject });
    }
  });
  beforeEach(() => use('first'));
  afterAll(async () => {
    for (const each of Object.values(hosts)) {
      await each.host.app.close();
      await each.drop();
    }
  });

  async function use(which: 'first' | 'reject') {
    host = hosts[which]!.host;
    dataSource = host.dataSource;
    for (const table of ['member', 'gtr_revocation', 'gtr_subject_epoch'])
      await dataSource.query(`DELETE FROM ${table}`);
  }

  const members = async (...rows: Array<[id: string, login: string, gone?: 'gone']>): Promise<void> => {
    const entities = rows.map(([id, login]) => ({ id, login, mail: `${login}@example.com` }));
    await dataSource.getRepository(Member).insert(entities);
    for (const [id, , gone] of rows) if (gone) await dataSource.getRepository(Member).softDelete(id);
    for (const [id] of rows) await host.app.get(SubjectEpochs).epochForSignIn(id);
  };
  const call = async (subId: object): Promise<number> => {
    const response = await fetch(`${host.url}/global-token-revocation`, {
      method: 'POST',
      headers: { authorization: basic(operator.id, operator.secret), 'content-type': 'application/json' },
      body: JSON.stringify({ sub_id: subId }),
    });
    return response.status;
  };
  /** Whose epoch was raised, each with how many the record counts. */
  const ended = async (): Promise<Record<string, number>> => {
    const records = await dataSource.getRepository(Revocation).find({ order: { subject: 'ASC' } });
    for (const { subject, epochAfter } of records) {
      expect(await host.app.get(SubjectEpochs).current(subject)).toBe(epochAfter);
    }
    return Object.fromEntries(records.map(({ subject, matched }) => [subject, matched]));
  };

  test.each<[string, object]>([
    ['uid', { format: 'uid', id: 'alice' }],
    ['opaque', { format: 'opaque', id: 'u1' }],
    ['email', { format: 'email', email: 'ALICE@example.com' }],
    ['account, by a function', { format: 'account', uri: 'acct:alice@example.com' }],
    [
      'aliases',
      {
        format: 'aliases',
        identifiers: [
          { format: 'uid', id: 'alice' },
          { format: 'opaque', id: 'u1' },
        ],
      },
    ],
  ])('a deleted user named by %s gets 204 and loses everything', async (_format, subId) => {
    await members(['u1', 'alice', 'gone'], ['u9', 'bob', 'gone']);
    expect(await call(subId)).toBe(204);
    expect(await ended()).toEqual({ u1: 1 });
  });

  test('revokes both users when somebody else took the login, and the record counts both', async () => {
    await members(['u1', 'alice', 'gone'], ['u2', 'alice']);
    expect(await call({ format: 'uid', id: 'alice' })).toBe(204);
    expect(await ended()).toEqual({ u1: 2, u2: 2 });
  });

  test('revokes all deleted matches and the first of the others', async () => {
    await members(['u1', 'alice', 'gone'], ['u2', 'alice'], ['u3', 'alice'], ['u4', 'alice', 'gone']);
    expect(await call({ format: 'uid', id: 'alice' })).toBe(204);
    expect(await ended()).toEqual({ u1: 4, u2: 4, u4: 4 });
  });

  test('deleted matches do not make a name ambiguous with ambiguousSubject: reject', async () => {
    await use('reject');
    await members(['u1', 'alice', 'gone'], ['u2', 'alice'], ['u4', 'alice', 'gone'], ['u5', 'bob'], ['u6', 'bob']);
    expect(await call({ format: 'uid', id: 'alice' })).toBe(204);
    expect(await ended()).toEqual({ u1: 3, u2: 3, u4: 3 });
    expect(await call({ format: 'uid', id: 'bob' })).toBe(422);
  });

  test('aliases revoke the user and a deleted user who had the same login', async () => {
    await members(['u1', 'alice', 'gone'], ['u2', 'alice']);
    const identifiers = [
      { format: 'uid', id: 'alice' },
      { format: 'opaque', id: 'u2' },
    ];
    expect(await call({ format: 'aliases', identifiers })).toBe(204);
    expect(await ended()).toEqual({ u1: 2, u2: 2 });
  });

  test('returns 422 and revokes nobody when more users are deleted than one look-up reads', async () => {
    const crowd = Array.from({ length: 1000 }, (_, i) => ({
      id: `c${i}`,
      login: 'crowd',
      mail: 'x',
      goneAt: new Date(0),
    }));
    for (const part of [crowd.slice(0, 500), crowd.slice(500)]) await dataSource.getRepository(Member).insert(part);
    expect(await call({ format: 'uid', id: 'crowd' })).toBe(422);
    expect(await ended()).toEqual({});
  });
});
