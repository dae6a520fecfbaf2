import type { DataSource, EntityMetadata, ObjectLiteral } from 'typeorm';
import { isDriverError } from '../database/driver-errors.js';
import { onPrimary } from '../database/primary.js';
import type { ResolvedUserSource } from '../options/users.options.js';
import { fatal, type Finding } from './finding.js';

/** Whether everything that the option `users` names is there. */
export async function userFindings(dataSource: DataSource, users: ResolvedUserSource): Promise<Finding[]> {
  const { entity, emailCase: _emailCase, ...rest } = users;
  if (!dataSource.hasMetadata(entity)) {
    return [fatal('users', `users.entity: the DataSource has no entity ${nameOf(entity)}: add it to its \`entities\``)];
  }
  const metadata = dataSource.getMetadata(entity);
  const isSubject = ([option, property]: Named) => option !== 'users.subject' && property === users.subject;
  const named = properties('users', rest).filter((each) => !isSubject(each));
  const unknown = named.filter(([, property]) => !metadata.findColumnWithPropertyPath(property));
  if (unknown.length === 0) return unreadableColumns(dataSource, metadata, named);
  const known = metadata.columns.map(({ propertyPath }) => propertyPath).join(', ');
  return unknown.map(([option, property]) =>
    fatal('users', `${option}: ${metadata.name} has no column '${property}'; it has ${known}`),
  );
}

type Named = readonly [option: string, property: string];

/** Every property that an option names; functions name theirs when they are called. */
const properties = (option: string, value: object): Named[] =>
  Object.entries(value).flatMap(([name, part]: [string, unknown]): Named[] => {
    if (typeof part === 'string') return [[`${option}.${name}`, part]];
    return typeof part === 'object' && part !== null ? properties(`${option}.${name}`, part) : [];
  });

async function unreadableColumns(dataSource: DataSource, metadata: EntityMetadata, named: Named[]): Promise<Finding[]> {
  const columns = named.map(([, property]) => `user.${property}`);
  try {
    await onPrimary(dataSource, (manager) =>
      manager.createQueryBuilder<ObjectLiteral>(metadata.target, 'user').select(columns).where('1 = 0').getMany(),
    );
    return [];
  } catch (error) {
    if (!isDriverError(error, 'missingSchema')) throw error;
    const message = `users.entity: the table ${metadata.tableName} does not match ${metadata.name} (${(error as Error).message}): run your migrations`;
    return [fatal('users', message)];
  }
}

const nameOf = (entity: ResolvedUserSource['entity']): string =>
  typeof entity === 'function' ? entity.name : JSON.stringify(entity);
