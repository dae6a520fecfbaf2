import type { DataSource, Logger } from 'typeorm';

/** Does `work` while a table cannot be found. */
export async function withoutTable<T>(dataSource: DataSource, table: string, work: () => Promise<T>): Promise<T> {
  await dataSource.query(`ALTER TABLE ${table} RENAME TO away`);
  try {
    return await work();
  } finally {
    await dataSource.query(`ALTER TABLE away RENAME TO ${table}`);
  }
}

/** Every SQL statement of a data source, as TypeORM sends it. */
export class SqlLog implements Logger {
  /** Text of each statement, parameters left out. */
  readonly statements: string[] = [];
  /** Those parameters, statement by statement. */
  readonly parameters: unknown[][] = [];

  constructor(dataSource: DataSource) {
    dataSource.setOptions({ logger: this, logging: ['query'] });
  }

  /** Statements during `work`. */
  async of(work: () => Promise<unknown>): Promise<string[]> {
    this.statements.length = 0;
    this.parameters.length = 0;
    await work();
    return [...this.statements];
  }

  /** {@link of}, but for the read of the flags that falls into one of many requests, on a busy machine into any. */
  async hotPathOf(work: () => Promise<unknown>): Promise<string[]> {
    return (await this.of(work)).filter((sql) => !sql.includes('gtr_feature_flag'));
  }

  /** How often a table was read or written. */
  uses(table: string): number {
    return this.statements.filter((sql) => sql.includes(table)).length;
  }

  logQuery(query: string, parameters: unknown[] = []): void {
    this.statements.push(query);
    this.parameters.push(parameters);
  }

  logQueryError(): void {}
  logQuerySlow(): void {}
  logSchemaBuild(): void {}
  logMigration(): void {}
  log(): void {}
}
