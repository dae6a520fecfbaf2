import { Logger, type Type } from '@nestjs/common';
import {
  ChildEntity,
  Column,
  CreateDateColumn,
  Entity,
  Index,
  JoinColumn,
  ManyToOne,
  PrimaryColumn,
  PrimaryGeneratedColumn,
  TableInheritance,
  ViewColumn,
  ViewEntity,
} from 'typeorm';
import { afterEach, expect, test, vi } from 'vitest';
import type { RevocationTarget } from '../../../src/module/index.js';
import { databases, describeEachDatabase } from '../../support/databases.js';
import { Person, startNestHost } from '../../support/nest-host.js';

class Row {
  @PrimaryColumn('varchar', { length: 64 })
  id!: string;

  @Index()
  @Column('varchar', { length: 64 })
  userId!: string;
}

@Entity('row_random')
class RandomRow {
  @PrimaryGeneratedColumn('uuid')
  id!: string;

  @Index()
  @Column('varchar', { length: 64 })
  userId!: string;

  @Column('varchar', { length: 64, nullable: true })
  note!: string | null;

  @Column('double precision')
  amount!: number;

  @Column('varchar', { length: 64, transformer: { to: (text: string) => text, from: (text: string) => text } })
  secret!: string;

  @Column('int')
  epoch!: number;

  @ManyToOne(() => Person)
  person!: Person;

  @ManyToOne(() => Person, { createForeignKeyConstraints: false })
  @JoinColumn({ referencedColumnName: 'login' })
  byLogin!: Person;
}

@Entity('row_number')
class NumberedRow {
  @PrimaryGeneratedColumn()
  id!: number;

  @Index()
  @Column('varchar', { length: 64 })
  userId!: string;
}

@Entity('row_plain')
class PlainRow extends Row {}

@Entity('row_odd_key')
class OddKey {
  @PrimaryColumn('double precision')
  id!: number;

  @Index()
  @Column('varchar', { length: 64 })
  userId!: string;
}

@Entity('row_kinds')
@TableInheritance({ column: 'kind' })
class Kinds {
  @Column('varchar', { length: 16 })
  kind!: string;

  @PrimaryGeneratedColumn()
  id!: number;

  @Index()
  @Column('varchar', { length: 64 })
  userId!: string;
}

@ChildEntity()
class OneKind extends Kinds {}

@ViewEntity('row_view', { expression: 'SELECT id, login FROM host_person' })
class View {
  @ViewColumn()
  id!: string;

  @ViewColumn()
  login!: string;
}

@Entity('row_no_index')
class WithoutIndex {
  @PrimaryGeneratedColumn()
  id!: number;

  @Column('varchar', { length: 64 })
  userId!: string;
}

@Entity('row_half_index')
class HalfIndex {
  @PrimaryGeneratedColumn('uuid')
  id!: string;

  @Index()
  @Column('varchar', { length: 64 })
  userId!: string;

  @Column({ type: Date, precision: 6 })
  createdAt!: Date;
}

@Entity('row_foreign_key')
class ForeignKey {
  @PrimaryGeneratedColumn()
  id!: number;

  @ManyToOne(() => Person)
  person!: Person;
}

class Dated {
  @PrimaryColumn('varchar', { length: 64 })
  id!: string;

  @Column('varchar', { length: 64 })
  userId!: string;
}

/** TypeORM's own: six digits on MySQL, whole seconds on SQLite. */
@Entity('row_by_default')
@Index(['userId', 'createdAt'])
class ByDefault extends Dated {
  @CreateDateColumn()
  createdAt!: Date;
}

@Entity('row_of_seconds')
@Index(['userId', 'createdAt'])
class OfSeconds extends Dated {
  @Column({ type: Date, precision: 0 })
  createdAt!: Date;
}

@Entity('row_of_milliseconds')
@Index(['userId', 'createdAt'])
class OfMilliseconds extends Dated {
  @Column({ type: Date, precision: 3 })
  createdAt!: Date;
}

const entities: Type[] = [
  ByDefault,
  OfSeconds,
  OfMilliseconds,
  RandomRow,
  NumberedRow,
  PlainRow,
  OddKey,
  Kinds,
  OneKind,
  View,
  WithoutIndex,
  HalfIndex,
  ForeignKey,
];
const sqlite = databases.find(({ name }) => name === 'sqlite')!;
const base = { userColumn: 'userId', action: 'delete' } as const;
const random = { ...base, entity: RandomRow };
const numbered = { ...base, entity: NumberedRow };

describeEachDatabase('the option targets', (database) => {
  afterEach(() => vi.restoreAllMocks());

  const start = (...targets: RevocationTarget[]) => startNestHost(database, { entities, options: { targets } });

  test.each([
    ['an entity outside the data source', { ...base, entity: Row }, 'entity is not in the DataSource'],
    ['a view', { ...base, entity: View }, 'entity is of type view: name the entity that has the whole table'],
    ['an entity of a shared table', { ...base, entity: OneKind }, 'entity is of type entity-child'],
    ['a key that cannot be ordered', { ...base, entity: OddKey }, "primary key 'id' is of type double"],
    [
      'random keys without epoch or order',
      random,
      'no column distinguishes its rows from those of a later sign-in: name an orderColumn',
    ],
    [
      'keys assigned by the application',
      { ...base, entity: PlainRow },
      'no column distinguishes its rows from those of a later sign-in',
    ],
    ['random keys as orderColumn', { ...random, orderColumn: 'id' }, "orderColumn 'id' is"],
    ['an order with gaps', { ...random, orderColumn: 'note' }, "orderColumn 'note' may be NULL"],
    ['an order of floats', { ...random, orderColumn: 'amount' }, "orderColumn 'amount' is of type double"],
    ['a missing orderColumn', { ...random, orderColumn: 'nowhere' }, "orderColumn 'nowhere' is not a property"],
    ['an epochColumn of text', { ...random, epochColumn: 'note' }, "epochColumn 'note' is of type "],
    ['a missing userColumn', { ...numbered, userColumn: 'user_id' }, "userColumn 'user_id' is not a property"],
    [
      'a userColumn of floats',
      { ...random, userColumn: 'amount', orderColumn: 'secret' },
      "userColumn 'amount' is of type",
    ],
    ['a userColumn with a transformer', { ...random, userColumn: 'secret' }, "userColumn 'secret' has a transformer"],
    [
      'a userColumn joined by another column',
      { ...random, userColumn: 'byLogin' },
      "userColumn 'byLogin' refers to 'login' of the user",
    ],
    ['a missing column in action.set', { ...numbered, action: { set: { gone: true } } }, "action.set 'gone' is not"],
  ] as Array<[string, RevocationTarget, string]>)(
    '%s prevents startup and is explained',
    async (_what, target, message) => {
      await expect(start(target)).rejects.toThrow(`targets[0]: ${message}`);
    },
  );

  test('a duplicate table prevents startup, and the error names the second target', async () => {
    await expect(start(numbered, numbered)).rejects.toThrow('targets[1]: the table row_number is already a target');
  });

  test('an epochColumn of 32 bits prevents startup on a database that enforces the width', async () => {
    const starting = start({ ...random, epochColumn: 'epoch' });
    if (database.name === 'sqlite') await (await starting).stop();
    else await expect(starting).rejects.toThrow("targets[0]: epochColumn 'epoch' must be a BIGINT");
  });

  test.each([
    [
      'no index',
      { ...base, entity: WithoutIndex },
      /^each revocation reads the whole table in row_no_index: CREATE INDEX/,
    ],
    [
      'an index that ends too early',
      { ...base, entity: HalfIndex, orderColumn: 'createdAt' },
      /^each revocation reads all rows of its user in row_half_index: CREATE INDEX .row_half_index_userId_createdAt. ON/,
    ],
  ] as Array<[string, RevocationTarget, RegExp]>)(
    '%s causes a warning whose remedy works',
    async (_what, target, message) => {
      const warned = vi.spyOn(Logger.prototype, 'warn').mockImplementation(() => {});
      const advice = (): string[] =>
        warned.mock.calls.map(([text]) => String(text)).filter((text) => message.test(text));
      const host = await start(target);
      const [text, ...more] = advice();
      expect(more).toEqual([]);
      await host.dataSource.query(text!.slice(text!.indexOf('CREATE')));
      warned.mockClear();
      const again = await startNestHost(database, {
        entities,
        options: { targets: [target] },
        databaseUrl: host.databaseUrl,
      });
      expect(advice()).toEqual([]);
      await again.stop();
      await host.stop();
    },
  );

  test.each([
    ['set by the database', ByDefault, { sqlite: /set the time in your code/ }],
    ['of whole seconds', OfSeconds, { mariadb: /give it `precision: 6`/, postgres: /give it `precision: 6`/ }],
    ['of milliseconds, set by the code', OfMilliseconds, {}],
  ] as Array<[string, Type, Record<string, RegExp | undefined>]>)(
    'a creation time %s causes a warning if a sign-in of the same second is ambiguous',
    async (_what, entity, remedies) => {
      const warned = vi.spyOn(Logger.prototype, 'warn').mockImplementation(() => {});
      const host = await start({ ...base, entity, orderColumn: 'createdAt' });
      const advice = warned.mock.calls
        .map(([text]) => String(text))
        .filter((text) => text.includes('precision of one second'));
      const remedy = remedies[database.name];
      expect(advice).toEqual(remedy ? [expect.stringMatching(remedy)] : []);
      await host.stop();
    },
  );

  test('the index of a foreign key counts where the database creates one', async () => {
    const warned = vi.spyOn(Logger.prototype, 'warn').mockImplementation(() => {});
    const host = await start({ entity: ForeignKey, userColumn: 'person', action: 'delete' });
    const advice = warned.mock.calls.map(([text]) => String(text)).filter((text) => text.includes('CREATE INDEX'));
    expect(advice).toHaveLength(database.name === 'mariadb' ? 0 : 1);
    await host.stop();
  });

  test('a missing table or column prevents startup and is explained', async () => {
    const first = await startNestHost(database);
    const parts = { entities, options: { targets: [numbered] }, databaseUrl: first.databaseUrl };
    const table = 'GlobalRevocationModule: the table row_number';
    await expect(startNestHost(database, parts)).rejects.toThrow(
      `${table} is not in the database: run your migrations`,
    );
    const name = first.dataSource.driver.escape('row_number');
    await first.dataSource.query(`CREATE TABLE ${name} (id integer PRIMARY KEY NOT NULL)`);
    await expect(startNestHost(database, parts)).rejects.toThrow(`${table} has no column userId: run your migrations`);
    await first.stop();
  });
});

test('the option targets warns when SQLite reuses the keys of deleted rows', async () => {
  const first = await startNestHost(sqlite);
  await first.dataSource.query(
    'CREATE TABLE row_number (id integer PRIMARY KEY NOT NULL, userId varchar(64) NOT NULL)',
  );
  await first.dataSource.query('CREATE INDEX row_number_user ON row_number (userId)');
  const warned = vi.spyOn(Logger.prototype, 'warn').mockImplementation(() => {});
  const parts = { entities, options: { targets: [numbered] }, databaseUrl: first.databaseUrl };
  const host = await startNestHost(sqlite, parts);
  expect(warned).toHaveBeenCalledWith(expect.stringContaining('row_number gives new rows the keys of deleted rows'));
  await host.stop();
  await first.stop();
});
