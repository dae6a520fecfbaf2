import { type MigrationInterface, type QueryRunner, Table } from 'typeorm';
import { createTable, int, longText } from '../columns.js';

/** Creates the table of the issuer whose tables these are. */
export class CreateIssuer4 implements MigrationInterface {
  readonly name = 'GtrCreateIssuer1763769600006';

  async up(runner: QueryRunner): Promise<void> {
    const columns = [int('id', { isPrimary: true }), longText('issuer')];
    await createTable(runner, new Table({ name: 'gtr_issuer', columns }));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('gtr_issuer');
  }
}
