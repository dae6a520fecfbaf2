import type { EntityManager, EntityMetadata } from 'typeorm';
import { Revocation } from './revocation.entity.js';

/** A record as it is written; its epochs are read in the database. */
export type NewRevocation = Omit<Revocation, keyof typeof EPOCHS>;

/** Columns of the epoch row that was raised in the same transaction. */
const EPOCHS = { epochBefore: 'previous', epochAfter: 'epoch' } as const;

const statements = new WeakMap<EntityMetadata, string>();

/** Writes the record of a revocation. The statement has the same text for everybody, so that it is prepared once. */
export async function insertRevocation(manager: EntityManager, row: NewRevocation): Promise<void> {
  const metadata = manager.dataSource.getMetadata(Revocation);
  const sql = statements.get(metadata) ?? statementFor(metadata);
  const values = { ...row, epochBefore: row.subjectHash, epochAfter: row.subjectHash };
  await manager.query(
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
