import type { DataSource, EntityManager } from 'typeorm';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';
import { allOf, type Clause } from '../../database/clause.js';
import { isInexpressible } from '../../database/expressible.js';
import { sqlDialect, type SqlDialect } from '../../database/sql-dialect.js';
import { marks, rowsOf, run } from '../../database/statement.js';
import { EndedValues } from './ended-values.js';
import type { HostTargetPlan } from './host-target-plan.js';
import { ALL_SUBJECTS, currentEpoch, FROM_BEFORE, liveEpoch } from '../live-epoch.js';
import { subjectKey } from '../subject-epochs.js';
import { type Key, type Owned, usersWithDead } from './dead-rows.js';
import type { Revocation } from '../revocation.entity.js';

export interface TargetBatch {
  rows: number;
  /** Whether no other row is left to end. */
  isDone: boolean;
  /** Whether live rows were passed over, so that the next batch looks at others. */
  hasPassed?: boolean;
}

/** User of the rows, and time of the revocation. */
export type Ended = Pick<Revocation, 'subject' | 'createdAt'>;

/** Where {@link HostTarget.endDeadOfAll} is. */
export interface Place {
  after?: Key | undefined;
}

const EVERY_ROW: Clause = { sql: '1 = 1', parameters: [] };

/**
 * Ends the rows of one {@link RevocationTarget} in batches. Finds rows without locks and changes them by primary key,
 * so that it waits neither for rows of other users nor for locked rows.
 */
export class HostTarget {
  private readonly dialect: SqlDialect;
  private readonly values: EndedValues | undefined;

  constructor(
    dataSource: DataSource,
    readonly plan: HostTargetPlan,
  ) {
    this.dialect = sqlDialect(dataSource);
    this.values = plan.set && new EndedValues(plan.table, plan.set, this.dialect);
  }

  /** Name in the durable marker. */
  get name(): string {
    return this.plan.table.path;
  }

  get hasEpochColumn(): boolean {
    return this.plan.cut.by === 'epoch';
  }

  /**
   * Returns the highest order value among the user's rows; later rows exceed it. Costs one index look-up.
   *
   * @returns undefined if the user has no row
   */
  async bound(manager: EntityManager, subject: string): Promise<string | undefined> {
    const highest = this.dialect.asText(`MAX(${this.cutColumn})`);
    const user = this.candidates(subject);
    const sql = `SELECT ${highest} AS bound FROM ${this.plan.table.sql} r WHERE ${user.sql}`;
    const [row] = await orNobodys(subject, rowsOf<{ bound: string | null }>(manager, sql, user.parameters));
    return row?.bound ?? undefined;
  }

  /** Ends rows whose order value is at most `bound`. Runs in a transaction. */
  endUpTo(bound: string, manager: EntityManager, ended: Ended, limit: number): Promise<TargetBatch> {
    const { table, cut } = this.plan;
    const { asInteger, asDatetime } = this.dialect;
    const kind = table.kindOf(cut.column);
    const mark = kind === 'integer' ? asInteger('?', cut.column.unsigned) : kind === 'datetime' ? asDatetime('?') : '?';
    return this.end({ sql: `${this.cutColumn} <= ${mark}`, parameters: [bound] }, manager, ended, limit);
  }

  /** Ends rows with this epoch, an older one, or none: no check accepts them. Runs in a transaction. */
  endDead(epoch: number, manager: EntityManager, ended: Ended, limit: number): Promise<TargetBatch> {
    const column = this.cutColumn;
    return this.end({ sql: `(${column} <= ? OR ${column} IS NULL)`, parameters: [epoch] }, manager, ended, limit);
  }

  /**
   * Ends what is dead among the next rows of all users, in the order of their keys, and goes on to the next ones only when nothing is:
   * a transaction that fails is repeated. Leaves rows of users without an epoch alone, because the host may spell an account id
   * differently here. Runs in a transaction.
   */
  async endDeadOfAll(place: Place, manager: EntityManager, ended: Ended, limit: number): Promise<TargetBatch> {
    const { table, user } = this.plan;
    const names = table.primaryColumns.map(table.sqlColumn);
    const values = `${this.dialect.asText(table.sqlColumn(user))} AS subject, ${this.dialect.asText(this.cutColumn)} AS epoch`;
    const which = allOf(this.after(place.after), this.values?.missing());
    const page = `SELECT ${this.keys}, ${values} FROM ${table.sql} r WHERE ${which.sql} ORDER BY ${names.join(', ')} LIMIT ${limit}`;
    const rows = await rowsOf<Owned>(manager, page, which.parameters);
    const dead = await usersWithDead(manager, rows, this.plan.withoutEpoch !== 'dead');
    let sum = 0;
    for (const [subject, current] of dead) {
      if (sum >= limit) break;
      sum += (await this.endDead(current - 1, manager, { ...ended, subject }, limit - sum)).rows;
    }
    if (dead.size === 0) place.after = rows.at(-1) ?? place.after;
    const isLast = rows.length < limit;
    return { rows: sum, isDone: dead.size === 0 && isLast, hasPassed: dead.size === 0 && !isLast };
  }

  /** Returns how many rows a revocation would end. Counts all of them, so do not call it in a request. */
  async count(manager: EntityManager, subject: string): Promise<number> {
    const live = this.hasEpochColumn ? this.liveEpochClause(subject) : undefined;
    const which = allOf(this.rowsOf(subject), live, this.values?.missing());
    const sql = `SELECT COUNT(*) AS number FROM ${this.plan.table.sql} r WHERE ${which.sql}`;
    const [row] = await orNobodys(subject, rowsOf<{ number: string | number }>(manager, sql, which.parameters));
    return Number(row?.number ?? 0);
  }

  private async end(cut: Clause, manager: EntityManager, ended: Ended, limit: number): Promise<TargetBatch> {
    const { lockFree, byPrimaryKey } = this.dialect;
    const { table } = this.plan;
    const toEnd = allOf(cut, this.values?.missing());
    const which = allOf(this.rowsOf(ended.subject), toEnd);
    const select = `SELECT ${this.keys} FROM ${table.sql} r`;
    const search = rowsOf<Key>(manager, `${select} WHERE ${which.sql} LIMIT ${limit}`, which.parameters);
    const found = await orNobodys(ended.subject, search);
    // Without the condition for the index of the user: a statement reads the rows that it names, not all of that user's.
    const again = allOf(this.exactly(ended.subject), toEnd);
    const these = allOf(this.byKey(found), again);
    const free =
      found.length > 0 && lockFree !== ''
        ? await rowsOf<Key>(manager, `${select}${byPrimaryKey} WHERE ${these.sql}${lockFree}`, these.parameters)
        : found;
    const rows = free.length === 0 ? 0 : await this.act(manager, ended, allOf(this.byKey(free), again));
    return { rows, isDone: rows === found.length && found.length < limit };
  }

  /** Checks the rows again in the statement that ends them. @returns how many there were */
  private async act(manager: EntityManager, { createdAt }: Ended, these: Clause): Promise<number> {
    const { table } = this.plan;
    const { byPrimaryKey, deleteFrom } = this.dialect;
    const set = this.values?.assignments(new Date(createdAt));
    const verb = set ? `UPDATE ${table.sql} AS r${byPrimaryKey} SET ${set.sql}` : deleteFrom(table.sql, 'r');
    const parameters = [...(set?.parameters ?? []), ...these.parameters];
    const { affected = 0 } = await run(manager, `${verb} WHERE ${these.sql}`, parameters);
    if (set) await this.expectSet(manager, these);
    return affected;
  }

  /** Prevents an endless loop over rows that do not keep the value. */
  private async expectSet(manager: EntityManager, these: Clause): Promise<void> {
    const sql = `SELECT 1 FROM ${this.plan.table.sql} r${this.dialect.byPrimaryKey} WHERE ${these.sql} LIMIT 1`;
    const same = await rowsOf(manager, sql, these.parameters);
    if (same.length > 0)
      throw new Error(`revocation target ${this.name}: a column does not keep the value that action.set assigns`);
  }

  /** Condition for the index. A collation or conversion may match other users too. */
  private candidates(subject: string): Clause {
    const { table, user } = this.plan;
    if (subject === ALL_SUBJECTS) return EVERY_ROW;
    if (this.dialect.isStrict && !table.canHold(user, subject)) return { sql: '1 = 0', parameters: [] };
    const mark = table.kindOf(user) === 'integer' ? this.dialect.asInteger('?', user.unsigned) : '?';
    return { sql: `${table.sqlColumn(user)} = ${mark}`, parameters: [subject] };
  }

  /** Condition for the user's own rows. */
  private rowsOf(subject: string): Clause {
    return allOf(this.candidates(subject), this.exactly(subject));
  }

  /** The same without an index, byte for byte. */
  private exactly(subject: string): Clause {
    if (subject === ALL_SUBJECTS) return EVERY_ROW;
    const { table, user } = this.plan;
    const bytes = Buffer.from(subject, 'utf8').toString('hex').toUpperCase();
    return { sql: `${this.dialect.bytes(table.sqlColumn(user))} = ?`, parameters: [bytes] };
  }

  private get keys(): string {
    return this.plan.table.primaryColumns.map((column, i) => `${this.keyOf(column)} AS k${i}`).join(', ');
  }

  /** Condition for rows behind a key: the first of its columns that differ is greater. */
  private after(key: Key | undefined): Clause {
    if (!key) return EVERY_ROW;
    const { table } = this.plan;
    const columns = table.primaryColumns.map((column) => {
      const isInteger = table.kindOf(column) === 'integer';
      return [table.sqlColumn(column), isInteger ? this.dialect.asInteger('?', column.unsigned) : '?'];
    });
    const greater = columns.map(([name, mark], i) => {
      const same = columns.slice(0, i).map(([before, its]) => `${before} = ${its}`);
      return `(${[...same, `${name} > ${mark}`].join(' AND ')})`;
    });
    const parameters = columns.flatMap((_, i) => columns.slice(0, i + 1).map((__, j) => key[`k${j}`]));
    return { sql: `(${greater.join(' OR ')})`, parameters };
  }

  /** Returns integers as text, because some drivers cannot return 64 bits. */
  private keyOf(column: ColumnMetadata): string {
    const { table } = this.plan;
    const name = table.sqlColumn(column);
    return table.kindOf(column) === 'integer' ? this.dialect.asText(name) : name;
  }

  private byKey(keys: readonly Key[]): Clause {
    const names = this.plan.table.primaryColumns.map(this.plan.table.sqlColumn);
    const [left, one] = names.length === 1 ? [names[0], '?'] : [`(${names.join(', ')})`, `(${marks(names)})`];
    return {
      sql: `${left} IN (${keys.map(() => one).join(', ')})`,
      parameters: keys.flatMap((key) => names.map((_, i) => key[`k${i}`])),
    };
  }

  private liveEpochClause(subject: string): Clause {
    const [column, key] = [this.cutColumn, subjectKey(subject)];
    if (this.plan.withoutEpoch === 'dead') return { sql: currentEpoch(column, '?'), parameters: [key] };
    return { sql: liveEpoch(`COALESCE(${column}, ${FROM_BEFORE})`, '?'), parameters: [key] };
  }

  private get cutColumn(): string {
    return this.plan.table.sqlColumn(this.plan.cut.column);
  }
}

/** No rows, when the column cannot hold the account id: nothing in this table is that user's. */
const orNobodys = <Row>(subject: string, rows: Promise<Row[]>): Promise<Row[]> =>
  rows.catch((error: unknown) => {
    if (isInexpressible(error, subject)) return [];
    throw error;
  });
