import { type MigrationInterface, type QueryRunner, Table } from 'typeorm';

const varchar = (name: string, length: string, more: object = {}) => ({ name, type: 'varchar', length, ...more });

export class CreatePerson1 implements MigrationInterface {
  readonly name = 'CreatePerson1700000000001';

  async up(runner: QueryRunner): Promise<void> {
    const columns = [varchar('id', '36', { isPrimary: true }), varchar('email', '200', { isUnique: true })];
    await runner.createTable(new Table({ name: 'person', columns: [...columns, varchar('password', '200')] }));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('person');
  }
}
