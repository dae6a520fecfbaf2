import type { DataSource, EntityTarget, ObjectLiteral } from 'typeorm';

type Compare<Row> = (one: Row, other: Row) => number;

/**
 * Returns a function that sorts users in the same order on every database: text by its bytes, because collations
 * differ; other values in the order of the database, whose times are finer than a Date.
 *
 * @param properties most significant first
 */
export function matchOrder<Row extends ObjectLiteral>(
  dataSource: DataSource,
  entity: EntityTarget<Row>,
  properties: readonly string[],
): (rows: readonly Row[]) => Row[] {
  const { columns } = dataSource.getMetadata(entity);
  const isText = (name: string): boolean => {
    const column = columns.find(({ propertyPath }) => propertyPath === name);
    return column !== undefined && /char|text|uuid/.test(dataSource.driver.normalizeType(column));
  };
  const keys = properties.map((name) => ({ name, isText: isText(name) }));
  return (rows) => {
    const place = new Map(rows.map((row, i) => [row, i]));
    const asTheyCame: Compare<Row> = (one, other) => place.get(one)! - place.get(other)!;
    const compare: Compare<Row> = (one, other) => {
      const key = keys.find(({ name }) => isObject(one[name]) || String(one[name]) !== String(other[name]));
      return key?.isText ? bytesOf(one[key.name]).compare(bytesOf(other[key.name])) : asTheyCame(one, other);
    };
    return rows.toSorted(compare);
  };
}

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null;

const bytesOf = (value: unknown): Buffer => Buffer.from(String(value));
