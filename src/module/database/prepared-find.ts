import {
  type EntityManager,
  type EntityMetadata,
  type EntityTarget,
  type FindManyOptions,
  In,
  type ObjectLiteral,
} from 'typeorm';
import { dataSourceOf } from './data-source-of.js';

/** Property → accepted values. All properties must match. */
export type Condition = Readonly<Record<string, readonly string[]>>;

export interface Reading<Row extends ObjectLiteral> {
  entity: EntityTarget<Row>;
  /** Properties to read, besides those of the conditions. */
  properties: readonly string[];
  order: Readonly<Record<string, 'ASC' | 'DESC'>>;
}

type Column = EntityMetadata['columns'][number];

/** SQL that TypeORM generated. */
interface Statement {
  sql: string;
  columns: readonly Column[];
}

/** Maximum number of cached statements. */
const KEPT = 100;

/**
 * `find` with cached SQL. TypeORM's query builder and entity creation cost several times as much as the query. Searches
 * that cannot be prepared use TypeORM's `find`. Soft-deleted rows are included.
 */
export class PreparedFind<Row extends ObjectLiteral> {
  /** Statements by form of the search; undefined if it cannot be prepared. */
  private readonly statements = new Map<string, Statement | undefined>();

  constructor(private readonly reading: Reading<Row>) {}

  /** Returns at most `limit` rows that match one of the conditions. */
  async rows(manager: EntityManager, anyOf: readonly Condition[], limit: number): Promise<Row[]> {
    const statement = this.statementFor(manager, anyOf, limit);
    if (!statement) return find(manager, this.reading, anyOf, limit);
    const rows = await manager.query<ObjectLiteral[]>(statement.sql, valuesOf(anyOf));
    const { driver } = dataSourceOf(manager);
    return rows.map((row) => {
      const hydrated: ObjectLiteral = {};
      for (const column of statement.columns) {
        hydrated[column.propertyName] = driver.prepareHydratedValue(row[column.propertyName], column) as unknown;
      }
      return hydrated as Row;
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
  const { ownColumns } = dataSourceOf(manager).getMetadata(entity);
  const columnOf = (name: string) =>
    ownColumns.find(({ propertyPath, propertyName }) => propertyName === name && propertyPath === name);
  const searched = anyOf.flatMap((condition) => Object.keys(condition));
  const names = [...new Set([...properties, ...searched])];
  const columns = names.map(columnOf).filter((column) => column !== undefined);
  if (columns.length < names.length || searched.some((name) => columnOf(name)?.transformer)) return undefined;
  const query = manager.createQueryBuilder(entity, 'found').select([]);
  for (const name of names) query.addSelect(`found.${name}`, name);
  const [sql, parameters] = query.setFindOptions(optionsOf<Row>(order, anyOf, limit)).getQueryAndParameters();
  // Additional parameters mean that the entity shares its table with others.
  return String(parameters) === String(valuesOf(anyOf)) ? { sql, columns } : undefined;
}

const find = <Row extends ObjectLiteral>(
  manager: EntityManager,
  { entity, properties, order }: Reading<Row>,
  anyOf: readonly Condition[],
  limit: number,
): Promise<Row[]> => {
  const names = [...properties, ...anyOf.flatMap((condition) => Object.keys(condition))];
  const select = nested(names.map((name) => [name, true]));
  return manager.find(entity, { ...optionsOf<Row>(order, anyOf, limit), select } as FindManyOptions<Row>);
};

/** Converts property paths to an object: `meta.deletedAt` is the property `deletedAt` of the embedded `meta`. */
function nested(entries: ReadonlyArray<readonly [path: string, value: unknown]>): ObjectLiteral {
  const root: ObjectLiteral = {};
  for (const [path, value] of entries) {
    const names = path.split('.');
    const last = names.pop()!;
    const inner = names.reduce<ObjectLiteral>((object, name) => (object[name] ??= {}) as ObjectLiteral, root);
    inner[last] = value;
  }
  return root;
}

const optionsOf = <Row>(order: Reading<ObjectLiteral>['order'], anyOf: readonly Condition[], limit: number) =>
  ({
    where: anyOf.map((condition) =>
      Object.fromEntries(Object.entries(condition).map(([name, values]) => [name, In([...values])])),
    ),
    order: nested(Object.entries(order)),
    take: limit,
    loadEagerRelations: false,
    withDeleted: true,
  }) as FindManyOptions<Row>;
