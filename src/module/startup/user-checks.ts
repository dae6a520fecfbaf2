import type { DataSource, EntityMetadata, ObjectLiteral } from 'typeorm';
import { onPrimary } from '../database/primary.js';
import type { ResolvedUserSource } from '../options/users.options.js';
import { fatal, type Finding, warning } from './finding.js';
import { missingSchema } from './missing-schema.js';

/** Checks that the entity and properties in the option `users` exist and can be searched. */
export async function userFindings(dataSource: DataSource, users: ResolvedUserSource): Promise<Finding[]> {
  const { entity, emailCase: _emailCase, ...rest } = users;
  if (!dataSource.hasMetadata(entity)) {
    return [fatal('users', `users.entity: the DataSource has no entity ${nameOf(entity)}: add it to its \`entities\``)];
  }
  const metadata = dataSource.getMetadata(entity);
  const isSubject = ([option, property]: Named) => option !== 'users.subject' && property === users.subject;
  const named = properties('users', rest).filter((each) => !isSubject(each));
  const unknown = named.filter(([, property]) => !metadata.findColumnWithPropertyPath(property));
  const unfit = named.flatMap((each) => unfitFinding(metadata, users.orderBy, each));
  if (unknown.length === 0 && unfit.length > 0) return unfit;
  if (unknown.length === 0)
    return [...viewFindings(metadata), ...(await unreadableColumns(dataSource, metadata, named))];
  const known = metadata.columns.map(({ propertyPath }) => propertyPath).join(', ');
  return unknown.map(([option, property]) =>
    fatal('users', `${option}: ${metadata.name} has no column '${property}'; it has ${known}`),
  );
}

/** Column types that cannot be compared with text or numbers. */
const NO_TEXT =
  /^(simple-(array|json)|jsonb?|array|set|bool(ean)?|date|time|datetime|timestamp|.*blob|(var)?binary|bit|bytea)/;
const TYPES = new Map<unknown, string>([
  [Boolean, 'boolean'],
  [Date, 'datetime'],
  [Buffer, 'blob'],
]);

/** Reports an existing property that can never equal a value from a caller. */
function unfitFinding(metadata: EntityMetadata, orderBy: string, [option, property]: Named): Finding[] {
  const column = metadata.findColumnWithPropertyPath(property);
  if (!column) return [];
  const fail = (what: string, fix: string): Finding[] => [
    fatal('users', `${option}: ${metadata.name}.${property} ${what}, which never matches a user: ${fix}`),
  ];
  const fix = 'name a property of the entity itself that is a column of text or of whole numbers';
  if (metadata.findRelationWithPropertyPath(property)) return fail('is a relation', `${fix}, such as its join column`);
  if (column.propertyName !== property) return fail('is inside an embedded entity', fix);
  const type = TYPES.get(column.type) ?? String(column.type);
  const isOrder = option === 'users.orderBy' && property === orderBy;
  return NO_TEXT.test(type) && !isOrder && !column.transformer ? fail(`is of the type ${type}`, fix) : [];
}

/** Reports views, because the module does not know users that a view omits. */
function viewFindings({ name, tableType }: EntityMetadata): Finding[] {
  if (tableType !== 'view') return [];
  const message = `users.entity: ${name} is a view: users that it omits, such as deleted ones, get 404 and keep their sessions and tokens: use the entity of the table`;
  return [warning('users', message)];
}

type Named = readonly [option: string, property: string];

/** Returns the properties that an option names, except in functions. */
const properties = (option: string, value: object): Named[] =>
  Object.entries(value).flatMap(([name, part]: [string, unknown]): Named[] => {
    if (typeof part === 'string') return [[`${option}.${name}`, part]];
    return typeof part === 'object' && part !== null ? properties(`${option}.${name}`, part) : [];
  });

async function unreadableColumns(dataSource: DataSource, metadata: EntityMetadata, named: Named[]): Promise<Finding[]> {
  const columns = named.map(([, property]) => `user.${property}`);
  const reading = onPrimary(dataSource, (manager) =>
    manager.createQueryBuilder<ObjectLiteral>(metadata.target, 'user').select(columns).where('1 = 0').getMany(),
  );
  const error = await missingSchema(reading);
  if (!error) return [];
  const message = `users.entity: the table ${metadata.tableName} does not match ${metadata.name} (${error.message}): run your migrations`;
  return [fatal('users', message)];
}

const nameOf = (entity: ResolvedUserSource['entity']): string =>
  typeof entity === 'function' ? entity.name : JSON.stringify(entity);
