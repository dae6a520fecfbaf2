import { type MigrationInterface, type QueryRunner, Table } from 'typeorm';

const text = (name: string, length: number) => ({ name, type: 'varchar', length: String(length) });

/** The tables of this application. They are migrated together with those of the revocation module. */
export class CreateAppTables1 implements MigrationInterface {
  readonly name = 'CreateAppTables1700000000001';

  async up(runner: QueryRunner): Promise<void> {
    const login = { ...text('login', 100), isUnique: true };
    const email = { ...text('email', 200), isUnique: true };
    const user = [{ ...text('id', 36), isPrimary: true }, login, email, text('password', 200)];
    await runner.createTable(new Table({ name: 'app_user', columns: user }));

    const numbers = ['epoch', 'expiresAt'].map((name) => ({ name, type: 'bigint' }));
    const token = [{ ...text('hash', 64), isPrimary: true }, text('userId', 36), ...numbers];
    const indices = [{ name: 'app_refresh_token_user', columnNames: ['userId'] }];
    await runner.createTable(new Table({ name: 'app_refresh_token', columns: token, indices }));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('app_refresh_token');
    await runner.dropTable('app_user');
  }
}
