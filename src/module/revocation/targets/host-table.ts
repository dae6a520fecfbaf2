import type { DataSource, EntityMetadata } from 'typeorm';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';
import { isSqlite } from '../../database/sql-dialect.js';

/** Bits of a signed integer, by its type. */
const BITS: Readonly<Record<string, number>> = { smallint: 16, integer: 32 };
const INTEGERS = ['int', 'integer', 'tinyint', 'smallint', 'mediumint', 'bigint', 'int2', 'int8', 'unsigned big int'];
const TEXTS = [
  'char',
  'varchar',
  'nchar',
  'nvarchar',
  'character',
  'character varying',
  'citext',
  'text',
  'tinytext',
  'mediumtext',
  'longtext',
  'enum',
];

const DATETIMES = ['datetime', 'timestamp without time zone', 'timestamp with time zone'];
const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/;

/** Kind of a column, as far as comparison requires. */
export type ColumnKind = 'integer' | 'text' | 'uuid' | 'datetime' | 'other';

/** A table of the host, described by its entity. */
export class HostTable {
  constructor(
    private readonly dataSource: DataSource,
    readonly metadata: EntityMetadata,
  ) {}

  /** Table name, with its schema if it has one. */
  get path(): string {
    return this.metadata.tablePath;
  }

  get primaryColumns(): ColumnMetadata[] {
    return this.metadata.primaryColumns;
  }

  /** Returns the single column of a property, or the join column of a relation. */
  column(property: string): ColumnMetadata | undefined {
    const columns = this.metadata.findColumnsWithPropertyPath(property);
    return columns.length === 1 ? columns[0] : undefined;
  }

  get properties(): string[] {
    return this.metadata.columns.map(({ propertyPath }) => propertyPath);
  }

  /** Type in the database. */
  typeOf(column: ColumnMetadata): string {
    return this.dataSource.driver.normalizeType(column);
  }

  kindOf(column: ColumnMetadata): ColumnKind {
    const type = this.typeOf(column);
    if (INTEGERS.includes(type)) return 'integer';
    if (TEXTS.includes(type)) return 'text';
    if (DATETIMES.includes(type)) return 'datetime';
    return type === 'uuid' ? type : 'other';
  }

  /** Whether an integer column has 64 bits: every one of SQLite. */
  holdsEpochs(column: ColumnMetadata): boolean {
    return /big|^int8$/.test(this.typeOf(column)) || isSqlite(this.dataSource);
  }

  /** Whether a column can have this as its value, in the spelling of PostgreSQL. */
  canHold(column: ColumnMetadata, value: string): boolean {
    const kind = this.kindOf(column);
    if (kind === 'uuid') return UUID.test(value);
    if (kind !== 'integer') return !value.includes('\0');
    const bits = BITS[this.typeOf(column)] ?? 64;
    return /^(?:0|-?[1-9]\d{0,18})$/.test(value) && BigInt.asIntN(bits, BigInt(value)) === BigInt(value);
  }

  /** Returns the value that the driver stores. */
  stored(column: ColumnMetadata, value: unknown): unknown {
    return this.dataSource.driver.preparePersistentValue(value, column);
  }

  /** Quoted table name. */
  get sql(): string {
    return this.path.split('.').map(this.quote).join('.');
  }

  /** Quoted column name. */
  readonly sqlName = ({ databaseName }: ColumnMetadata): string => this.quote(databaseName);

  /** Quoted column name of the row `r`. */
  readonly sqlColumn = (column: ColumnMetadata): string => `r.${this.sqlName(column)}`;

  private readonly quote = (name: string): string => this.dataSource.driver.escape(name);
}
