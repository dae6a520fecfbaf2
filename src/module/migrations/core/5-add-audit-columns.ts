import { type MigrationInterface, type QueryRunner, TableColumn } from 'typeorm';
import { hash, text } from '../columns.js';

const TABLE = 'gtr_revocation';
const none = { default: `''` };

const columns = (): TableColumn[] =>
  [text('key_id', 255, none), hash('identifier_hash', none), text('request_id', 64, none)].map(
    (column) => new TableColumn(column),
  );

/** With which key the caller authenticated, the keyed hash of what it named, and the request's id. */
export class AddAuditColumns5 implements MigrationInterface {
  readonly name = 'GtrAddAuditColumns1763769600005';

  async up(runner: QueryRunner): Promise<void> {
    await runner.addColumns(TABLE, columns());
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const { name } of columns()) await runner.dropColumn(TABLE, name);
  }
}
