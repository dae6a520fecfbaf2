import { allOf, type Clause } from '../../database/clause.js';
import type { SqlDialect } from '../../database/sql-dialect.js';
import type { HostTargetPlan } from './host-target-plan.js';

/** Values that mark a row as ended instead of deleting it. */
export class EndedValues {
  constructor(
    private readonly table: HostTargetPlan['table'],
    private readonly set: NonNullable<HostTargetPlan['set']>,
    private readonly dialect: SqlDialect,
  ) {}

  /** Condition for rows that lack one of the values. For a time, any value counts. */
  missing(): Clause {
    const present = this.set.map(({ column, value }): Clause => {
      const name = this.table.sqlColumn(column);
      if (typeof value === 'function') return { sql: `${name} IS NOT NULL`, parameters: [] };
      return { sql: this.dialect.same(name, '?'), parameters: [this.table.stored(column, value)] };
    });
    const { sql, parameters } = allOf(...present);
    return { sql: `NOT (${sql})`, parameters };
  }

  /** The SET clause. */
  assignments(at: Date): Clause {
    const each = this.set.map(({ column, value }): Clause => {
      const name = this.table.sqlName(column);
      return typeof value === 'function'
        ? { sql: `${name} = COALESCE(${name}, ?)`, parameters: [this.table.stored(column, value(at))] }
        : { sql: `${name} = ?`, parameters: [this.table.stored(column, value)] };
    });
    return { sql: each.map(({ sql }) => sql).join(', '), parameters: each.flatMap(({ parameters }) => parameters) };
  }
}
