import { type MigrationInterface, type QueryRunner, Table } from 'typeorm';
import { bigint, hash, text } from '../columns.js';

/** Assertions that were used, so that each has one effect. */
export class CreateAssertion4 implements MigrationInterface {
  readonly name = 'GtrCreateAssertion1763769600040';

  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(
      new Table({
        name: 'gtr_assertion',
        columns: [
          hash('assertion_hash', { isPrimary: true }),
          hash('body_hash'),
          text('used_by', 36),
          bigint('expires_at'),
        ],
        indices: [{ name: 'gtr_assertion_expires_at', columnNames: ['expires_at'] }],
      }),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('gtr_assertion');
  }
}
