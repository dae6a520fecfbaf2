import type { DataSource } from 'typeorm';

const TABLES: Partial<Record<DataSource['options']['type'], string>> = {
  'better-sqlite3': "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name",
  postgres: 'SELECT table_name AS name FROM information_schema.tables WHERE table_schema = current_schema() ORDER BY 1',
  mariadb: 'SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE() ORDER BY 1',
};

/** Every table there is, those of TypeORM included. */
export async function tableNames(dataSource: DataSource): Promise<string[]> {
  const sql = TABLES[dataSource.options.type]!;
  return (await dataSource.query<Array<{ name: string }>>(sql)).map(({ name }) => name);
}

/** Every value of every column of every table, as text: what somebody has who stole the database. */
export async function dump(dataSource: DataSource): Promise<string[]> {
  const values: string[] = [];
  for (const table of await tableNames(dataSource)) {
    for (const row of await dataSource.query<Array<Record<string, unknown>>>(`SELECT * FROM ${table}`)) {
      values.push(...Object.values(row).map(String));
    }
  }
  return values;
}
