import { type MigrationInterface, type QueryRunner, Table } from 'typeorm';
import { bigint, longText, text } from '../columns.js';

const table = (): Table =>
  new Table({
    name: 'gtr_change',
    columns: [
      text('id', 36, { isPrimary: true }),
      bigint('created_at'),
      text('actor'),
      text('action', 64),
      text('target'),
      longText('state_before'),
      longText('state_after'),
    ],
    indices: [{ name: 'gtr_change_created_at', columnNames: ['created_at'] }],
  });

/** What operators changed: feature flags and clients. */
export class CreateChange6 implements MigrationInterface {
  readonly name = 'GtrCreateChange1763769600060';

  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(table());
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable(table());
  }
}
