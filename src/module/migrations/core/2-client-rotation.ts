import { type MigrationInterface, type QueryRunner, TableColumn } from 'typeorm';
import { bigint, hash, longText } from '../columns.js';

const optional = { isNullable: true };

/** A second secret for the time of a rotation, and whom a client may name. */
export class ClientRotation2 implements MigrationInterface {
  readonly name = 'GtrClientRotation1763769600020';

  async up(runner: QueryRunner): Promise<void> {
    await runner.addColumns(
      'gtr_client',
      [
        hash('previous_secret_hash', optional),
        bigint('previous_secret_expires_at', optional),
        longText('restrictions', optional),
      ].map((column) => new TableColumn(column)),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropColumns('gtr_client', ['previous_secret_hash', 'previous_secret_expires_at', 'restrictions']);
  }
}
