import type { DataSource, EntityManager, QueryRunner } from 'typeorm';

/** Returns the data source of a manager or a query runner. TypeORM 0.3 calls it `connection`. */
export function dataSourceOf(owner: EntityManager | QueryRunner): DataSource {
  const { dataSource, connection } = owner as unknown as Record<'dataSource' | 'connection', DataSource | undefined>;
  return (dataSource ?? connection)!;
}
