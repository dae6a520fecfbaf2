import type { DataSource, EntityMetadata } from 'typeorm';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';
import type { EndedValue, ResolvedTarget } from '../../options/targets.options.js';
import type { ResolvedUserSource } from '../../options/users.options.js';
import { type ColumnKind, HostTable } from './host-table.js';

/** A {@link ResolvedTarget} with its columns. */
export interface HostTargetPlan {
  table: HostTable;
  user: ColumnMetadata;
  /** Column that distinguishes old rows from new ones: the epoch, or an order. */
  cut: { by: 'epoch' | 'order'; column: ColumnMetadata };
  /** Columns to set; undefined to delete the row. */
  set: ReadonlyArray<{ column: ColumnMetadata; value: EndedValue }> | undefined;
  /** What applies to rows without an epoch. */
  withoutEpoch: 'dead' | 'until-revoked';
  batch: number;
  counts: 'sessions' | 'tokens';
}

/**
 * Resolves the names of a target.
 *
 * @param users source of the account ids, if it is a table
 * @throws Error with the problem in the option and its fix
 */
export function planTarget(dataSource: DataSource, target: ResolvedTarget, users?: ResolvedUserSource): HostTargetPlan {
  const table = new HostTable(dataSource, metadataOf(dataSource, target));
  for (const column of table.primaryColumns) expectKind(table, column, ['integer', 'text', 'uuid'], 'primary key');
  return {
    table,
    user: userColumn(table, target.userColumn, users),
    cut: cutOf(table, target),
    set: setOf(table, target.action),
    withoutEpoch: target.withoutEpoch,
    batch: target.batch,
    counts: target.counts,
  };
}

function metadataOf(dataSource: DataSource, { entity }: ResolvedTarget): EntityMetadata {
  if (!dataSource.hasMetadata(entity)) throw new Error('entity is not in the DataSource: add it to its `entities`');
  const metadata = dataSource.getMetadata(entity);
  if (metadata.tableType !== 'regular') {
    throw new Error(`entity is of type ${metadata.tableType}: name the entity that has the whole table`);
  }
  return metadata;
}

function userColumn(table: HostTable, property: string, users: ResolvedUserSource | undefined): ColumnMetadata {
  const column = columnOf(table, property, 'userColumn');
  const { referencedColumn: refersTo } = column;
  if (users && refersTo?.entityMetadata.target === users.entity && refersTo.propertyPath !== users.subject) {
    throw new Error(
      `userColumn '${property}' refers to '${refersTo.propertyPath}' of the user, but account ids are '${users.subject}': ` +
        `store the account id in a column`,
    );
  }
  const kind = expectKind(table, column, ['integer', 'text', 'uuid'], 'userColumn');
  if (kind === 'text' && column.transformer) {
    throw new Error(`userColumn '${property}' has a transformer: its values cannot be compared in the database`);
  }
  return column;
}

function cutOf(table: HostTable, target: ResolvedTarget): HostTargetPlan['cut'] {
  const { epochColumn, orderColumn } = target;
  if (epochColumn !== undefined) {
    const column = columnOf(table, epochColumn, 'epochColumn');
    expectKind(table, column, ['integer'], 'epochColumn');
    if (!table.holdsEpochs(column)) throw new Error(`epochColumn '${epochColumn}' must be a BIGINT`);
    return { by: 'epoch', column };
  }
  if (orderColumn === undefined) return { by: 'order', column: autoIncrement(table) };
  const column = columnOf(table, orderColumn, 'orderColumn');
  expectKind(table, column, ['integer', 'text', 'datetime'], 'orderColumn');
  if (column.isNullable)
    throw new Error(`orderColumn '${orderColumn}' may be NULL: rows without a value would never end`);
  if (column.generationStrategy === 'uuid')
    throw new Error(`orderColumn '${orderColumn}' is random: name a column that rises`);
  return { by: 'order', column };
}

function autoIncrement({ primaryColumns: [column, ...more] }: HostTable): ColumnMetadata {
  if (column?.generationStrategy === 'increment' && more.length === 0) return column;
  throw new Error(
    'no column distinguishes its rows from those of a later sign-in: name an orderColumn that rises from row to row (a UUIDv7, a ULID, ' +
      'the time of creation), or an epochColumn that holds the epoch of SubjectEpochs',
  );
}

function setOf(table: HostTable, action: ResolvedTarget['action']): HostTargetPlan['set'] {
  if (action === 'delete') return undefined;
  const values = Object.entries(action.set);
  return values.map(([property, value]) => ({ column: columnOf(table, property, 'action.set'), value }));
}

function columnOf(table: HostTable, property: string, role: string): ColumnMetadata {
  const column = table.column(property);
  if (column) return column;
  throw new Error(`${role} '${property}' is not a property with one column; it has ${table.properties.join(', ')}`);
}

function expectKind(table: HostTable, column: ColumnMetadata, kinds: ColumnKind[], role: string): ColumnKind {
  const kind = table.kindOf(column);
  if (kinds.includes(kind)) return kind;
  throw new Error(
    `${role} '${column.propertyName}' is of type ${table.typeOf(column)}: it must be ${kinds.join(' or ')}`,
  );
}
