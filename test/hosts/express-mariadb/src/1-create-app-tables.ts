import { type MigrationInterface, type QueryRunner, Table } from 'typeorm';

const varchar = (name: string, length: number, more: object = {}) => ({
  name,
  type: 'varchar',
  length: String(length),
  ...more,
});

/** The tables of this application. They are migrated beside those of the revocation module. */
export class CreateAppTables1 implements MigrationInterface {
  readonly name = 'CreateAppTables1700000000001';

  async up(runner: QueryRunner): Promise<void> {
    const id = {
      name: 'id',
      type: 'int',
      isPrimary: true,
      isGenerated: true,
      generationStrategy: 'increment' as const,
    };
    const user = [varchar('login', 100, { isUnique: true }), varchar('email', 200, { isUnique: true })];
    await runner.createTable(new Table({ name: 'app_user', columns: [id, ...user, varchar('password_hash', 200)] }));
    await runner.createTable(
      new Table({
        name: 'app_refresh_token',
        columns: [
          varchar('hash', 64, { isPrimary: true }),
          { name: 'user_id', type: 'int' },
          { name: 'epoch', type: 'bigint' },
          { name: 'expires_at', type: 'bigint' },
        ],
        indices: [{ name: 'app_refresh_token_user', columnNames: ['user_id'] }],
      }),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('app_refresh_token');
    await runner.dropTable('app_user');
  }
}
