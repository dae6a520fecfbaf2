import { type MigrationInterface, type QueryRunner, TableIndex } from 'typeorm';

/** People are found by telephone number without reading all of them. */
export class IndexOpUserPhone2 implements MigrationInterface {
  readonly name = 'OpIndexUserPhone1763769600023';

  async up(runner: QueryRunner): Promise<void> {
    await runner.createIndex('op_user', new TableIndex({ name: 'op_user_phone', columnNames: ['phone'] }));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropIndex('op_user', 'op_user_phone');
  }
}
