import { type MigrationInterface, type QueryRunner, TableColumn } from 'typeorm';
import { int, longText } from '../columns.js';

const TABLE = 'gtr_revocation';

const columns = (): TableColumn[] =>
  [longText('target_bounds', { isNullable: true }), int('targets_left', { default: 0 })].map(
    (column) => new TableColumn(column),
  );

/** What is left to do in the host's own tables. */
export class AddTargetColumns3 implements MigrationInterface {
  readonly name = 'GtrAddTargetColumns1763769600030';

  async up(runner: QueryRunner): Promise<void> {
    await runner.addColumns(TABLE, columns());
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const { name } of columns()) await runner.dropColumn(TABLE, name);
  }
}
