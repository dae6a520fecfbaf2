import type { DataSource, EntityMetadata } from 'typeorm';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';
import type { EndedValue, RevocationTarget } from '../../options/revocation-target.options.js';
import type { UserSource } from '../../options/user-source.options.js';
import { type ColumnKind, HostTable } from './host-table.js';

const BATCH_DEFAULT = 200;
const BATCH_MAX = 1000;

/** A {@link RevocationTarget} whose every name is a column of its table. */
export interface HostTargetPlan {
  table: HostTable;
  user: ColumnMetadata;
  /** The epoch, or what tells old rows from new ones. */
  cut: { by: 'epoch' | 'order'; column: ColumnMetadata };
  /** Columns to set; undefined: the row is deleted. */
  set: ReadonlyArray<{ column: ColumnMetadata; value: EndedValue }> | undefined;
  batch: number;
  counts: 'sessions' | 'tokens';
}

/**
 * @param users where account ids come from, when it is a table
 * @throws Error that says what is wrong with the option and how to mend it
 */
export function planTarget(dataSource: DataSource, target: RevocationTarget, users?: UserSource): HostTargetPlan {
  const table = new HostTable(dataSource, metadataOf(dataSource, target));
  for (const column of table.primaryColumns) expectKind(table, column, ['integer', 'text', 'uuid'], 'primary key');
  return {
    table,
    user: userColumn(table, target.userColumn, users),
    cut: cutOf(table, target),
    set: setOf(table, target.action),
    batch: batchOf(target.batch),
    counts: target.counts ?? 'tokens',
  };
}

function metadataOf(dataSource: DataSource, { entity }: RevocationTarget): EntityMetadata {
  if (!dataSource.hasMetadata(entity)) throw new Error('entity is not in the DataSource: add it to its `entities`');
  const metadata = dataSource.getMetadata(entity);
  if (metadata.tableType !== 'regular') {
    throw new Error(`entity is of type ${metadata.tableType}: name the entity that has the whole table`);
  }
  return metadata;
}

function userColumn(table: HostTable, property: string, users: UserSource | undefined): ColumnMetadata {
  const column = columnOf(table, property, 'userColumn');
  const { referencedColumn: refersTo } = column;
  if (users && refersTo?.entityMetadata.target === users.entity && refersTo.propertyPath !== users.subject) {
    throw new Error(
      `userColumn '${property}' refers to '${refersTo.propertyPath}' of the user, and account ids are '${users.subject}': ` +
        `store the account id in a column`,
    );
  }
  const kind = expectKind(table, column, ['integer', 'text', 'uuid'], 'userColumn');
  if (kind === 'text' && column.transformer) {
    throw new Error(`userColumn '${property}' has a transformer: its values cannot be compared in the database`);
  }
  return column;
}

function cutOf(table: HostTable, target: RevocationTarget): HostTargetPlan['cut'] {
  const { epochColumn, orderColumn } = target;
  if (epochColumn !== undefined && orderColumn !== undefined)
    throw new Error('has epochColumn and orderColumn: keep one');
  if (epochColumn !== undefined) {
    const column = columnOf(table, epochColumn, 'epochColumn');
    expectKind(table, column, ['integer'], 'epochColumn');
    if (!/big|^integer$/.test(table.typeOf(column))) throw new Error(`epochColumn '${epochColumn}' must be a BIGINT`);
    return { by: 'epoch', column };
  }
  if (orderColumn === undefined) return { by: 'order', column: autoIncrement(table) };
  const column = columnOf(table, orderColumn, 'orderColumn');
  expectKind(table, column, ['integer', 'text', 'datetime'], 'orderColumn');
  if (column.isNullable)
    throw new Error(`orderColumn '${orderColumn}' may be NULL: rows without a value would never end`);
  if (column.generationStrategy === 'uuid') throw new Error(`orderColumn '${orderColumn}' is random, it does not rise`);
  return { by: 'order', column };
}

function autoIncrement({ primaryColumns: [column, ...more] }: HostTable): ColumnMetadata {
  if (column?.generationStrategy === 'increment' && more.length === 0) return column;
  throw new Error(
    'nothing tells its rows from those of a later sign-in: name an orderColumn that rises from row to row (a UUIDv7, a ULID, ' +
      'the time of creation), or an epochColumn that holds the epoch of SubjectEpochs',
  );
}

function setOf(table: HostTable, action: RevocationTarget['action']): HostTargetPlan['set'] {
  if (action === 'delete') return undefined;
  const values = Object.entries(action.set) as Array<[string, EndedValue | undefined]>;
  if (values.length === 0) throw new Error("action sets nothing: name properties, or use 'delete'");
  return values.map(([property, value]) => {
    if (value !== null && !['string', 'number', 'boolean', 'function'].includes(typeof value)) {
      throw new Error(`action sets '${property}' to what is no string, number, boolean, null or function of a Date`);
    }
    return { column: columnOf(table, property, 'action.set'), value: value as EndedValue };
  });
}

function batchOf(batch = BATCH_DEFAULT): number {
  if (Number.isInteger(batch) && batch >= 1 && batch <= BATCH_MAX) return batch;
  throw new Error(`batch must be a whole number from 1 to ${BATCH_MAX}`);
}

function columnOf(table: HostTable, property: string, role: string): ColumnMetadata {
  const column = table.column(property);
  if (column) return column;
  throw new Error(`${role} '${property}' is not a property with one column: there are ${table.properties.join(', ')}`);
}

function expectKind(table: HostTable, column: ColumnMetadata, kinds: ColumnKind[], role: string): ColumnKind {
  const kind = table.kindOf(column);
  if (kinds.includes(kind)) return kind;
  throw new Error(
    `${role} '${column.propertyName}' is of type ${table.typeOf(column)}: it must be ${kinds.join(' or ')}`,
  );
}
