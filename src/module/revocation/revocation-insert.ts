import type { EntityManager, EntityMetadata } from 'typeorm';
import { dataSourceOf } from '../database/data-source-of.js';
import { run } from '../database/statement.js';
import { Revocation } from './revocation.entity.js';

/** A new record. The database fills in its epochs. */
export type NewRevocation = Omit<Revocation, keyof typeof EPOCHS>;

/** Columns of the epoch row that the same transaction raised. */
const EPOCHS = { epochBefore: 'previous', epochAfter: 'epoch' } as const;

const statements = new WeakMap<EntityMetadata, string>();

/** Inserts the record of a revocation. The statement text is constant, so that it is prepared once. */
export async function insertRevocation(manager: EntityManager, row: NewRevocation): Promise<void> {
  const metadata = dataSourceOf(manager).getMetadata(Revocation);
  const sql = statements.get(metadata) ?? statementFor(metadata);
  // PostgreSQL has no text with NUL. The hash is that of the account id as it is.
  const subject = row.subject.replaceAll('\0', '\uFFFD');
  const values = { ...row, subject, epochBefore: row.subjectHash, epochAfter: row.subjectHash };
  await run(
    manager,
    sql,
    metadata.columns.map(({ propertyName }) => values[propertyName as keyof Revocation]),
  );
}

function statementFor(metadata: EntityMetadata): string {
  const { columns, tableName } = metadata;
  const values = columns.map(({ propertyName }) => {
    const epoch = EPOCHS[propertyName as keyof typeof EPOCHS] as string | undefined;
    return epoch === undefined ? '?' : `(SELECT e.${epoch} FROM gtr_subject_epoch e WHERE e.subject_hash = ?)`;
  });
  const names = columns.map(({ databaseName }) => databaseName);
  const sql = `INSERT INTO ${tableName} (${names.join(', ')}) VALUES (${values.join(', ')})`;
  statements.set(metadata, sql);
  return sql;
}
