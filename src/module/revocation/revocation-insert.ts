import type { EntityManager, EntityMetadata } from 'typeorm';
import { dataSourceOf } from '../database/data-source-of.js';
import { onceFor } from '../database/once-for.js';
import { run } from '../database/statement.js';
import type { RevocationEvent } from '../options/revocation-listener.js';
import type { EpochValues } from './epoch-columns.js';
import { Revocation } from './revocation.entity.js';
import type { BegunTargets } from './targets/revocation-targets.js';

/** What a record says. */
interface NewRevocation {
  event: RevocationEvent;
  /** Key of the row whose epoch was raised. */
  subjectHash: string;
  epochs: EpochValues;
  begun: BegunTargets;
  toNotify: Revocation['toNotify'];
}

/** The statement that inserts records. Its text is made once for each number of rows, so that it is prepared once. */
class Insert {
  private readonly properties: ReadonlyArray<keyof Revocation>;
  private readonly into: string;
  private readonly texts = new Map<string, string>();

  constructor({ columns, tableName }: EntityMetadata) {
    this.properties = columns.map(({ propertyName }) => propertyName as keyof Revocation);
    this.into = `INSERT INTO ${tableName} (${columns.map(({ databaseName }) => databaseName).join(', ')}) VALUES `;
  }

  text(rows: number, { epochBefore, epochAfter }: EpochValues): string {
    const form = `${rows} ${epochBefore.sql} ${epochAfter.sql}`;
    const known = this.texts.get(form);
    if (known !== undefined) return known;
    const sql: Partial<Record<keyof Revocation, string>> = { epochBefore: epochBefore.sql, epochAfter: epochAfter.sql };
    const values = `(${this.properties.map((name) => sql[name] ?? '?').join(', ')})`;
    const text = this.into + Array(rows).fill(values).join(', ');
    this.texts.set(form, text);
    return text;
  }

  parametersOf({ event, subjectHash, epochs, begun, toNotify }: NewRevocation): unknown[] {
    const { epochBefore, epochAfter } = epochs;
    // PostgreSQL has no text with NUL. The hash is that of the account id as it is.
    const subject = event.subject.replaceAll('\0', '\uFFFD');
    const record: Partial<Record<keyof Revocation, unknown>> = {
      ...begun,
      subject,
      subjectHash,
      epochBefore: epochBefore.parameter,
      epochAfter: epochAfter.parameter,
      completedAt: null,
      toNotify,
    };
    return this.properties.map((name) => (name in record ? record[name] : event[name as keyof RevocationEvent]));
  }
}

const insertInto = onceFor((entity: EntityMetadata) => new Insert(entity));

/** Inserts the records of revocations in one statement. The SQL of the epochs must be the same in all rows. */
export async function insertRevocations(manager: EntityManager, rows: readonly NewRevocation[]): Promise<void> {
  const insert = insertInto(dataSourceOf(manager).getMetadata(Revocation));
  const parameters = rows.flatMap((row) => insert.parametersOf(row));
  await run(manager, insert.text(rows.length, rows[0]!.epochs), parameters);
}
