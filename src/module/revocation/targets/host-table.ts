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

/** What a column holds, as far as we compare it. */
export type ColumnKind = 'integer' | 'text' | 'uuid' | 'datetime' | 'other';

/** A table of the host, as its entity describes it. */
export class HostTable {
  constructor(
    private readonly dataSource: DataSource,
    readonly metadata: EntityMetadata,
  ) {}

  /** Name in the database, with its schema when it has one. */
  get path(): string {
    return this.metadata.tablePath;
  }

  get primaryColumns(): ColumnMetadata[] {
    return this.metadata.primaryColumns;
  }

  /** The one column of a property, or the join column of a relation. */
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

  /** The value a driver stores for a property's value. */
  stored(column: ColumnMetadata, value: unknown): unknown {
    return this.dataSource.driver.preparePersistentValue(value, column);
  }

  /** Name of the table, quoted. */
  get sql(): string {
    return this.path.split('.').map(this.quote).join('.');
  }

  /** Name of a column, quoted. */
  readonly sqlName = ({ databaseName }: ColumnMetadata): string => this.quote(databaseName);

  /** The same of the row `r`. */
  readonly sqlColumn = (column: ColumnMetadata): string => `r.${this.sqlName(column)}`;

  private readonly quote = (name: string): string => this.dataSource.driver.escape(name);
}
