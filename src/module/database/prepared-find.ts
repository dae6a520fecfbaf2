import {
  type EntityManager,
  type EntityMetadata,
  type EntityTarget,
  type FindManyOptions,
  In,
  type ObjectLiteral,
} from 'typeorm';

/** Properties, each of which has one of some values. */
export type Condition = Readonly<Record<string, readonly string[]>>;

/** What is read of an entity. */
export interface Reading<Row extends ObjectLiteral> {
  entity: EntityTarget<Row>;
  /** Properties that are read, beside those of the conditions. */
  properties: readonly string[];
  /** Properties the rows are ordered by. */
  order: readonly string[];
}

type Column = EntityMetadata['columns'][number];

/** What TypeORM makes of it. */
interface Statement {
  sql: string;
  columns: readonly Column[];
}

/** Forms of a search that are kept at most. */
const KEPT = 100;

/**
 * `find` whose SQL TypeORM builds once for each form of a search: building it, and making entities of the rows, costs
 * several times what the query does. What cannot be prepared goes TypeORM's usual way.
 */
export class PreparedFind<Row extends ObjectLiteral> {
  /** By form; undefined: cannot be prepared. */
  private readonly statements = new Map<string, Statement | undefined>();

  constructor(private readonly reading: Reading<Row>) {}

  /** At most `limit` rows for which one of the conditions holds, with the properties that are read. */
  async rows(manager: EntityManager, anyOf: readonly Condition[], limit: number): Promise<Row[]> {
    const statement = this.statementFor(manager, anyOf, limit);
    if (!statement) return find(manager, this.reading, anyOf, limit);
    const rows = await manager.query<ObjectLiteral[]>(statement.sql, valuesOf(anyOf));
    const { driver } = manager.dataSource;
    return rows.map((row) => {
      const values = statement.columns.map((column) => {
        return [column.propertyName, driver.prepareHydratedValue(row[column.propertyName], column) as unknown];
      });
      return Object.fromEntries(values) as Row;
    });
  }

  private statementFor(manager: EntityManager, anyOf: readonly Condition[], limit: number): Statement | undefined {
    const counts = anyOf.map((condition) => Object.entries(condition).map(([name, values]) => [name, values.length]));
    const form = JSON.stringify([limit, counts]);
    if (!this.statements.has(form)) {
      if (this.statements.size === KEPT) this.statements.clear();
      this.statements.set(form, prepare(manager, this.reading, anyOf, limit));
    }
    return this.statements.get(form);
  }
}

const valuesOf = (anyOf: readonly Condition[]): string[] =>
  anyOf.flatMap((condition) => Object.values(condition).flat());

function prepare<Row extends ObjectLiteral>(
  manager: EntityManager,
  { entity, properties, order }: Reading<Row>,
  anyOf: readonly Condition[],
  limit: number,
): Statement | undefined {
  const { ownColumns } = manager.dataSource.getMetadata(entity);
  const columnOf = (name: string) =>
    ownColumns.find(({ propertyPath, propertyName }) => propertyName === name && propertyPath === name);
  const searched = anyOf.flatMap((condition) => Object.keys(condition));
  const names = [...new Set([...properties, ...searched])];
  const columns = names.map(columnOf).filter((column) => column !== undefined);
  if (columns.length < names.length || searched.some((name) => columnOf(name)?.transformer)) return undefined;
  const query = manager.createQueryBuilder(entity, 'found').select([]);
  for (const name of names) query.addSelect(`found.${name}`, name);
  const [sql, parameters] = query.setFindOptions(optionsOf<Row>(order, anyOf, limit)).getQueryAndParameters();
  // Other parameters: the entity shares its table with others.
  return String(parameters) === String(valuesOf(anyOf)) ? { sql, columns } : undefined;
}

const find = <Row extends ObjectLiteral>(
  manager: EntityManager,
  { entity, properties, order }: Reading<Row>,
  anyOf: readonly Condition[],
  limit: number,
): Promise<Row[]> => {
  const names = [...properties, ...anyOf.flatMap((condition) => Object.keys(condition))];
  const select = Object.fromEntries(names.map((name) => [name, true]));
  return manager.find(entity, { ...optionsOf<Row>(order, anyOf, limit), select } as FindManyOptions<Row>);
};

const optionsOf = <Row>(order: readonly string[], anyOf: readonly Condition[], limit: number) =>
  ({
    where: anyOf.map((condition) =>
      Object.fromEntries(Object.entries(condition).map(([name, values]) => [name, In([...values])])),
    ),
    order: Object.fromEntries(order.map((name) => [name, 'ASC'])),
    take: limit,
    loadEagerRelations: false,
  }) as FindManyOptions<Row>;
