import { Column, DataSource, DeleteDateColumn, Entity, In, PrimaryColumn } from 'typeorm';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type Condition, PreparedFind } from '../../../src/module/database/prepared-find.js';
import { gateSqlite } from '../../../src/module/database/sqlite-gate.js';
import { dataSourceOptions } from '../../../src/reference-op/op/data-source.js';
import { describeEachDatabase } from '../../support/databases.js';

@Entity()
class Pet {
  @PrimaryColumn('varchar', { length: 20 })
  id!: string;

  @Column('varchar', { name: 'kind_of', length: 20 })
  kind!: string;

  @Column('varchar', {
    length: 20,
    transformer: { to: (name: string) => name.toUpperCase(), from: (name: string) => name.toLowerCase() },
  })
  name!: string;

  @Column('simple-json')
  food!: string[];

  @Column('bigint', { transformer: { to: (value: number) => value, from: Number } })
  weight!: number;

  @DeleteDateColumn()
  gone!: Date | null;
}

const pets = [
  { id: '1', kind: 'cat', name: 'dinah', food: ['mouse'], weight: 4 },
  { id: '2', kind: 'cat', name: 'cheshire', food: [], weight: 5 },
  { id: '3', kind: 'hare', name: 'march', food: ['tea', 'bread'], weight: 3 },
  { id: '4', kind: 'mouse', name: 'dormouse', food: ['tea'], weight: 1 },
];

describeEachDatabase('a prepared find', (database) => {
  let dataSource: DataSource;
  let drop: () => Promise<void>;

  beforeAll(async () => {
    const created = await database.create();
    drop = created.drop;
    const options = { ...dataSourceOptions(created.url), entities: [Pet], migrations: [], synchronize: true };
    dataSource = await gateSqlite(new DataSource(options)).initialize();
    await dataSource.manager.save(Pet, pets as never);
    await dataSource.manager.softDelete(Pet, '4');
  });
  afterAll(async () => {
    await dataSource.destroy();
    await drop();
  });

  const find = new PreparedFind<Pet>({
    entity: Pet,
    properties: ['id', 'food', 'weight', 'name'],
    order: { weight: 'ASC', id: 'ASC' },
  });
  const found = async (anyOf: Condition[], limit = 10) =>
    (await find.rows(dataSource.manager, anyOf, limit)).map(({ id }) => id);
  const building = () => vi.spyOn(dataSource.manager, 'createQueryBuilder');

  test('returns rows with the values an entity would have', async () => {
    expect(await find.rows(dataSource.manager, [{ kind: ['hare'] }], 10)).toEqual([
      { id: '3', kind: 'hare', food: ['tea', 'bread'], weight: 3, name: 'march' },
    ]);
  });

  test.each<[string, Condition[], string[]]>([
    ['one of several values', [{ kind: ['cat', 'hare'] }], ['3', '1', '2']],
    ['all values of a condition', [{ kind: ['cat'], id: ['2', '3'] }], ['2']],
    ['one of several conditions', [{ kind: ['cat'], id: ['2'] }, { id: ['3'] }], ['3', '2']],
    ['soft-deleted', [{ kind: ['mouse'] }], ['4']],
    ['nobody', [{ kind: ['dodo'] }], []],
  ])('finds what TypeORM finds: %s', async (_title, anyOf, ids) => {
    const where = anyOf.map((condition) => {
      return Object.fromEntries(Object.entries(condition).map(([name, values]) => [name, In([...values])]));
    });
    const rows = await dataSource.manager.find(Pet, { where, order: { weight: 'ASC', id: 'ASC' }, withDeleted: true });
    expect(rows.map(({ id }) => id)).toEqual(ids);
    expect(await found(anyOf)).toEqual(ids);
  });

  test('returns the first rows up to the limit', async () => {
    expect(await found([{ kind: ['cat', 'hare'] }], 2)).toEqual(['3', '1']);
  });

  test('does not build the query again for other values of the same form', async () => {
    await found([{ kind: ['cat'], id: ['1'] }]);
    const built = building();
    expect(await found([{ kind: ['hare'], id: ['3'] }])).toEqual(['3']);
    expect(built).not.toHaveBeenCalled();
    await found([{ kind: ['hare', 'cat'], id: ['3'] }]);
    expect(built).toHaveBeenCalledOnce();
    built.mockRestore();
  });

  test('applies the transformer of a column to each compared value', async () => {
    expect(await found([{ name: ['march'] }])).toEqual(['3']);
    expect(await found([{ name: ['dinah'] }])).toEqual(['1']);
  });
});
