import type { DataSource, Logger } from 'typeorm';

const silent = (): void => {};

/** The SQL statements a data source runs while `work` runs. */
export async function statementsOf(dataSource: DataSource, work: () => Promise<unknown>): Promise<string[]> {
  const statements: string[] = [];
  const { logger } = dataSource;
  const recorder: Logger = {
    logQuery: (sql) => void statements.push(sql),
    logQueryError: silent,
    logQuerySlow: silent,
    logSchemaBuild: silent,
    logMigration: silent,
    log: silent,
  };
  dataSource.logger = recorder;
  try {
    await work();
  } finally {
    dataSource.logger = logger;
  }
  return statements.map((sql) => sql.replace(/\s+/g, ' '));
}
