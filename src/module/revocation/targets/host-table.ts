import type { DataSource, EntityMetadata } from 'typeorm';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';

const INTEGERS = ['int', 'integer', 'tinyint', 'smallint', 'mediumint', 'bigint', 'int2', 'int8', 'unsigned big int'];
const TEXTS = [
  'char',
  'varchar',
  'nchar',
  'nvarchar',
  'character',
  'text',
  'tinytext',
  'mediumtext',
  'longtext',
  'enum',
];

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
    return type === 'uuid' || type === 'datetime' ? type : 'other';
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
