import { Column, DataSource, type DataSourceOptions, Entity, PrimaryColumn } from 'typeorm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { DatabaseDeadline } from '../../../src/module/database/deadline.js';
import { gateSqlite } from '../../../src/module/database/sqlite-gate.js';
import { resolveOptions } from '../../../src/module/options/global-revocation.options.js';
import { parseSubjectIdentifier } from '../../../src/module/subject/subject-identifier.js';
import { TypeOrmUserDirectory } from '../../../src/module/subject/typeorm-user-directory.js';
import { RealmEpoch } from '../../../src/module/revocation/realm-epoch.entity.js';
import { SubjectEpoch } from '../../../src/module/revocation/subject-epoch.entity.js';
import { SubjectEpochs } from '../../../src/module/revocation/subject-epochs.js';
import { UserLookupService } from '../../../src/module/subject/user-lookup.service.js';
import { dataSourceOptions } from '../../../src/reference-op/op/data-source.js';
import { describeEachDatabase } from '../../support/databases.js';

/** Somebody with a number for an id, as snowflakes are, and a time of signing up. */
@Entity('snowflake')
class Snowflake {
  @PrimaryColumn('bigint')
  id!: string;

  @Column('varchar', { length: 100 })
  login!: string;

  @Column('varchar', { length: 100 })
  mail!: string;

  @Column({ type: Date, precision: 6 })
  createdAt!: Date;
}

describeEachDatabase('RFC 5890 §2.3.2.4: values as a table of users stores them', (database) => {
  let dataSource: DataSource;
  let drop: () => Promise<void>;
  beforeAll(async () => {
    const created = await database.create();
    drop = created.drop;
    const schema = { entities: [Snowflake, SubjectEpoch, RealmEpoch], migrations: [], synchronize: true };
    dataSource = gateSqlite(new DataSource({ ...dataSourceOptions(created.url), ...schema } as DataSourceOptions));
    await dataSource.initialize();
  });
  beforeEach(() => dataSource.query('DELETE FROM snowflake'));
  afterAll(async () => {
    await dataSource.destroy();
    await drop();
  });

  const insert = (id: string, login: string, mail: string, createdAt: string) =>
    dataSource.query(
      `INSERT INTO snowflake (id, login, mail, ${dataSource.driver.escape('createdAt')})
        VALUES (${id}, '${login}', '${mail}', '${createdAt}')`,
    );
  const at = '2026-01-01 00:00:00.000000';
  async function who(subId: object, more: { orderBy?: 'createdAt'; subject?: 'mail' } = {}): Promise<string> {
    const users = {
      entity: Snowflake,
      subject: 'id',
      email: 'mail',
      orderBy: 'id',
      attributes: { uid: 'login', mail: 'mail' },
      ...more,
    } as const;
    const options = resolveOptions({ issuer: 'https://op.example.com', users: users as never });
    const directory = new TypeOrmUserDirectory(dataSource, options);
    const deadline = new DatabaseDeadline(20_000);
    const lookup = new UserLookupService(directory, options, deadline, new SubjectEpochs(dataSource, deadline));
    return lookup.find(parseSubjectIdentifier(subId, directory)).then(
      ({ subject }) => subject,
      (error: { reason?: string }) => error.reason ?? Promise.reject(error as Error),
    );
  }

  describe('ids', () => {
    // Above 2^53 the driver of SQLite rounds: an id may be that of somebody else.
    const exact = (id: string): string => (database.name === 'sqlite' ? 'notRevocable' : id);
    test.each(['9007199254740993', '9223372036854775807', '-9007199254740993'])(
      '%s revokes exactly that user or returns 422',
      async (id) => {
        await insert(id, 'al', 'al@x.org', at);
        expect(await who({ format: 'uid', id: 'al' })).toBe(exact(id));
        expect(await who({ format: 'opaque', id })).toBe(exact(id));
      },
    );

    test('two ids that are rounded to one number are not taken for one user', async () => {
      for (const id of ['9007199254740992', '9007199254740993']) {
        await insert(id, 'al', 'al@x.org', at);
      }
      expect(await who({ format: 'uid', id: 'al' })).toBe(exact('9007199254740992'));
    });

    test.each(['0', '-1', '9007199254740991'])('%s names that user', async (id) => {
      await insert(id, 'al', 'al@x.org', at);
      expect(await who({ format: 'uid', id: 'al' })).toBe(id);
      expect(await who({ format: 'opaque', id })).toBe(id);
    });
  });

  test.each([
    ['a millisecond', '2026-01-01 00:00:00.001000', '2026-01-01 00:00:00.002000'],
    ['a microsecond', '2026-01-01 00:00:00.000001', '2026-01-01 00:00:00.000002'],
    ['half a second', '2026-01-01 00:00:00.400000', '2026-01-01 00:00:00.900000'],
  ])(
    'the older of two users who signed up within %s comes first with orderBy createdAt',
    async (_title, first, second) => {
      await insert('1', 'al', 'a-young@x.org', second);
      await insert('2', 'al', 'old@x.org', first);
      const byTime = { orderBy: 'createdAt', subject: 'mail' } as const;
      expect(await who({ format: 'uid', id: 'al' }, byTime)).toBe('old@x.org');
    },
  );

  test.each(['bücher.example', 'xn--bcher-kva.example'])(
    'an address that is stored with the domain %s is found',
    async (domain) => {
      await insert('1', 'al', `alice@${domain}`, at);
      for (const named of [
        'bücher.example',
        'xn--bcher-kva.example',
        'BÜCHER.EXAMPLE',
        'XN--BCHER-KVA.example',
        'Bücher.Example',
      ]) {
        expect([named, await who({ format: 'email', email: `alice@${named}` })]).toEqual([named, '1']);
        expect([named, await who({ format: 'mail', id: `alice@${named}` })]).toEqual([named, '1']);
      }
      expect(await who({ format: 'email', email: 'alice@bucher.example' })).toBe('unknownSubject');
    },
  );

  test('an address with mixed labels is found by each form that is stored completely', async () => {
    await insert('1', 'al', 'alice@straße.bücher.example', at);
    for (const named of [
      'straße.bücher.example',
      'straße.xn--bcher-kva.example',
      'xn--strae-oqa.xn--bcher-kva.example',
    ]) {
      expect([named, await who({ format: 'email', email: `alice@${named}` })]).toEqual([named, '1']);
    }
  });
});
