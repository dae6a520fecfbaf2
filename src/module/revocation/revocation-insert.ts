import type { EntityManager } from 'typeorm';
import { dataSourceOf } from '../database/data-source-of.js';
import { run } from '../database/statement.js';
import type { EpochValues } from './epoch-columns.js';
import { Revocation } from './revocation.entity.js';

type NewRevocation = Omit<Revocation, keyof EpochValues> & { epochs: EpochValues };

/** Inserts the records of revocations in one statement. That of a single one has a constant text, so that it is prepared once. */
export async function insertRevocations(manager: EntityManager, rows: readonly NewRevocation[]): Promise<void> {
  const { columns, tableName } = dataSourceOf(manager).getMetadata(Revocation);
  const properties = columns.map(({ propertyName }) => propertyName as keyof Revocation);
  const values = rows.map(({ epochs }) => {
    const marks = properties.map((name) => (name in epochs ? epochs[name as keyof EpochValues].sql : '?'));
    return `(${marks.join(', ')})`;
  });
  const parameters = rows.flatMap((row) => {
    // PostgreSQL has no text with NUL. The hash is that of the account id as it is.
    const subject = row.subject.replaceAll('\0', '\uFFFD');
    const { epochBefore, epochAfter } = row.epochs;
    const all = { ...row, subject, epochBefore: epochBefore.parameter, epochAfter: epochAfter.parameter };
    return properties.map((name) => all[name]);
  });
  const names = columns.map(({ databaseName }) => databaseName).join(', ');
  await run(manager, `INSERT INTO ${tableName} (${names}) VALUES ${values.join(', ')}`, parameters);
}
