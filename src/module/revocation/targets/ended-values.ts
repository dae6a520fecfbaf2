import { allOf, type Clause } from '../../database/clause.js';
import type { SqlDialect } from '../../database/sql-dialect.js';
import type { HostTargetPlan } from './host-target-plan.js';

/** The values that mark a row as ended, instead of deleting it. */
export class EndedValues {
  constructor(
    private readonly table: HostTargetPlan['table'],
    private readonly set: NonNullable<HostTargetPlan['set']>,
    private readonly dialect: SqlDialect,
  ) {}

  /** Condition of a row that does not have them all. A moment is written once: any value will do. */
  missing(): Clause {
    const present = this.set.map(({ column, value }): Clause => {
      const name = this.table.sqlColumn(column);
      if (typeof value === 'function') return { sql: `${name} IS NOT NULL`, parameters: [] };
      return { sql: this.dialect.same(name, '?'), parameters: [this.table.stored(column, value)] };
    });
    const { sql, parameters } = allOf(...present);
    return { sql: `NOT (${sql})`, parameters };
  }

  /** What follows SET. */
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
