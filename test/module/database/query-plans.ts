import { DataSource } from 'typeorm';
import { dataSourceOptions } from '../../../src/reference-op/op/data-source.js';
import type { TestDatabase } from '../../support/databases.js';
import { SqlLog } from '../endpoint/sql-log.js';

/** What a database does for a statement that takes longer the more rows there are. */
export interface QueryPlan {
  sql: string;
  /** All of it. */
  text: string;
  /** Steps that read a whole table. */
  whole: string[];
  /** Steps that sort rows, instead of reading them in the order of an index. */
  sorts: string[];
}

/** One row of MariaDB's EXPLAIN. */
interface Step {
  table: string | null;
  type: string;
  Extra: string;
}

const TABLE = String.raw`(?:gtr_\w+|[dotr])`;

/** Asks a database how it would run statements. */
export class QueryPlans {
  private constructor(
    private readonly database: TestDatabase,
    /** Its own connection: on SQLite, one that has explained a write cannot commit any more. */
    private readonly dataSource: DataSource,
  ) {}

  static async open(database: TestDatabase, url: string): Promise<QueryPlans> {
    const own = { ...dataSourceOptions(url), entities: [], migrations: [], migrationsRun: false };
    return new QueryPlans(database, await new DataSource(own).initialize());
  }

  close(): Promise<void> {
    return this.dataSource.destroy();
  }

  /** Tells the database how many rows these tables have. */
  async analyze(...tables: string[]): Promise<void> {
    for (const table of tables)
      await this.dataSource.query(`ANALYZE ${this.database.name === 'mariadb' ? 'TABLE ' : ''}${table}`);
  }

  /** Returns the plans of what `work` sends to the tables of the module. */
  async of(dataSource: DataSource, work: () => Promise<unknown>): Promise<QueryPlan[]> {
    const log = new SqlLog(dataSource);
    await log.of(work);
    const asked = log.statements.map((sql, i): [string, unknown[]] => [sql, log.parameters[i]!]);
    const own = asked.filter(([sql]) => /^\s*(?:SELECT|INSERT|UPDATE|DELETE)\b/.test(sql) && sql.includes('gtr_'));
    if (own.length === 0) throw new Error('no statement was sent to the tables of the module');
    const plans: QueryPlan[] = [];
    for (const [sql, parameters] of own)
      plans.push({ sql, ...(await this.explain[this.database.name](sql, parameters)) });
    return plans;
  }

  private readonly explain = {
    sqlite: async (sql: string, parameters: unknown[]) => {
      const rows = await this.dataSource.query<Array<{ detail: string }>>(`EXPLAIN QUERY PLAN ${sql}`, parameters);
      const steps = rows.map(({ detail }) => detail);
      return {
        text: steps.join('\n'),
        whole: steps.filter((step) => new RegExp(`^SCAN ${TABLE}\\b(?!.*USING)`).test(step)),
        sorts: steps.filter((step) => step.includes('TEMP B-TREE')),
      };
    },
    // Tables of this size are read and sorted faster than in the order of an index, larger ones are not.
    postgres: (sql: string, parameters: unknown[]) =>
      this.dataSource.transaction(async (manager) => {
        await manager.query('SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off');
        const rows = await manager.query<Array<{ 'QUERY PLAN': string }>>(`EXPLAIN ${sql}`, parameters);
        const steps = rows.map((row) => row['QUERY PLAN']);
        return {
          text: steps.join('\n'),
          whole: steps.filter((step) => step.includes('Seq Scan on gtr_')),
          sorts: steps.filter((step) => /^\W*Sort /.test(step)),
        };
      }),
    mariadb: async (sql: string, parameters: unknown[]) => {
      const steps = await this.dataSource.query<Step[]>(`EXPLAIN ${sql}`, parameters);
      return {
        text: JSON.stringify(steps),
        whole: steps
          .filter(({ table, type }) => type === 'ALL' && new RegExp(`^${TABLE}$`).test(table ?? ''))
          .map((step) => JSON.stringify(step)),
        sorts: steps.filter(({ Extra }) => Extra.includes('filesort')).map((step) => JSON.stringify(step)),
      };
    },
  };
}
