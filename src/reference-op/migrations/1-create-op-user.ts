import { type MigrationInterface, type QueryRunner, Table, type TableColumnOptions } from 'typeorm';

const text = (name: string, length = 255, more: Partial<TableColumnOptions> = {}): TableColumnOptions => ({
  name,
  type: 'varchar',
  length: String(length),
  ...more,
});

const table = (): Table =>
  new Table({
    name: 'op_user',
    columns: [
      text('id', 36, { isPrimary: true }),
      text('uid', 190),
      text('email', 190),
      text('phone', 16),
      text('name'),
      text('department', 190),
      text('password_hash'),
      { name: 'demo', type: 'integer' },
    ],
    indices: [
      { name: 'op_user_uid', columnNames: ['uid'], isUnique: true },
      { name: 'op_user_email', columnNames: ['email'], isUnique: true },
      { name: 'op_user_phone', columnNames: ['phone'] },
      { name: 'op_user_department', columnNames: ['department'] },
    ],
  });

/** Creates the table of people. */
export class CreateOpUser1 implements MigrationInterface {
  readonly name = 'OpCreateUser1763769600003';

  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(table());
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable(table());
  }
}
