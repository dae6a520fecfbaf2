import type { Type } from '@nestjs/common';
import { Column, Entity, Index, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { resolveOptions, StartChecks } from '../../../src/module/index.js';
import { planTarget } from '../../../src/module/revocation/targets/host-target-plan.js';
import { unmatchedTargets } from '../../../src/module/startup/target-id-checks.js';
import { describeEachDatabase } from '../../support/databases.js';
import { type NestHost, Person, startNestHost } from '../../support/nest-host.js';

class Row {
  @PrimaryGeneratedColumn()
  id!: number;
}

@Entity('target_number')
class NumberRow extends Row {
  @Index()
  @Column('bigint')
  userId!: string;
}

@Entity('target_short')
class ShortRow extends Row {
  @Index()
  @Column('varchar', { length: 20 })
  userId!: string;
}

@Entity('target_long')
class LongRow extends Row {
  @Index()
  @Column('varchar', { length: 64 })
  userId!: string;
}

@Entity('target_uuid')
class UuidRow extends Row {
  @Index()
  @Column('uuid')
  userId!: string;
}

@Entity('number_person')
class NumberPerson {
  @PrimaryGeneratedColumn()
  id!: number;
}

@Entity('uuid_person')
class UuidPerson {
  @PrimaryGeneratedColumn('uuid')
  id!: string;
}

@Entity('other_id_person')
class OtherIdPerson {
  @PrimaryColumn('varchar', { length: 64 })
  id!: string;

  @PrimaryColumn('int')
  number!: number;
}

const uuids = ['5a1c0a3e-0000-4000-8000-00000000a11c', '5a1c0a3e-0000-4000-8000-000000000b0b'];
const NEVER = ', so no row ever ends: store the account id (id of';
const SOME = ', which cannot hold some account ids, whose rows never end: store the account id (id of Person)';

describeEachDatabase('account ids that a target cannot hold', (database) => {
  const uuidRows = database.name === 'sqlite' ? [] : [UuidRow]; // SQLite has no such type
  const entities = [NumberRow, ShortRow, LongRow, NumberPerson, UuidPerson, OtherIdPerson, ...uuidRows];
  let host: NestHost;

  beforeAll(async () => {
    host = await startNestHost(database, { entities });
  });
  afterAll(() => host.stop());

  /** What a start with these people and this target finds. */
  async function found(target: Type, people: { entity?: Type; ids?: readonly string[]; subject?: string }) {
    const { entity = Person, ids = [], subject = 'id' } = people;
    const { dataSource } = host;
    await dataSource.manager.createQueryBuilder().delete().from(Person).execute();
    for (const id of ids) await dataSource.manager.insert(Person, { id, login: id });
    const { users, targets } = resolveOptions({
      issuer: 'http://127.0.0.1',
      users: { entity, subject } as never,
      targets: [{ entity: target, userColumn: 'userId', action: 'delete' }],
    });
    return unmatchedTargets(dataSource, [planTarget(dataSource, targets[0]!, users)], users);
  }

  test('UUIDs in a column of numbers prevent startup, even if nobody has an account yet', async () => {
    const message = `userColumn 'userId' of target_number is of the type`;
    const finding = { isFatal: true, message: expect.stringMatching(`^${message} .*`) as string };
    for (const people of [{ ids: uuids }, { entity: UuidPerson }]) {
      const [first, ...more] = await found(NumberRow, people);
      expect([first, more]).toMatchObject([finding, []]);
      expect(first!.message).toContain(NEVER);
    }
  });

  test('some account ids that are not numbers cause a warning', async () => {
    const [first, ...more] = await found(NumberRow, { ids: ['7', ...uuids] });
    expect([first, more]).toMatchObject([{ isFatal: false }, []]);
    expect(first!.message).toContain(SOME);
  });

  test('account ids that fit are accepted', async () => {
    expect(await found(NumberRow, { ids: ['7', '8'] })).toEqual([]);
    expect(await found(NumberRow, {})).toEqual([]);
    expect(await found(NumberRow, { entity: NumberPerson })).toEqual([]);
    expect(await found(NumberRow, { entity: OtherIdPerson, subject: 'number' })).toEqual([]);
    expect(await found(LongRow, { ids: uuids })).toEqual([]);
    expect(await found(LongRow, { entity: UuidPerson })).toEqual([]);
    expect(await found(LongRow, { entity: NumberPerson })).toEqual([]);
    for (const row of uuidRows) expect(await found(row, { ids: uuids })).toEqual([]);
  });

  test('are among the findings of the startup checks', async () => {
    await host.dataSource.manager.createQueryBuilder().delete().from(Person).execute();
    await host.dataSource.manager.insert(Person, { id: uuids[0]!, login: 'alice' });
    const targets = [{ entity: NumberRow, userColumn: 'userId', action: 'delete' }] as const;
    const { databaseUrl } = host;
    const other = await startNestHost(database, { databaseUrl, entities, options: { startChecks: 'warn', targets } });
    const findings = await other.app.get(StartChecks).findings();
    await other.stop();
    expect(findings.filter(({ message }) => message.includes(NEVER))).toHaveLength(1);
  });

  // SQLite stores every text in every column.
  if (database.name === 'sqlite') return;
  test('account ids longer than the column prevent startup', async () => {
    expect(await found(ShortRow, { ids: uuids })).toMatchObject([{ isFatal: true }]);
    expect(await found(ShortRow, { ids: ['7', ...uuids] })).toMatchObject([{ isFatal: false }]);
    expect(await found(ShortRow, { entity: UuidPerson })).toMatchObject([{ isFatal: true }]);
  });

  test('numbers and names in a column of UUIDs prevent startup', async () => {
    expect(await found(UuidRow, { entity: NumberPerson })).toMatchObject([{ isFatal: true }]);
    expect(await found(UuidRow, { ids: ['alice', 'bob'] })).toMatchObject([{ isFatal: true }]);
  });
});
