import { type MigrationInterface, type QueryRunner, Table } from 'typeorm';
import { bigint, createTable, hash, longText, text } from '../columns.js';

const optional = { isNullable: true };

const table = (): Table =>
  new Table({
    name: 'gtr_oidc_record',
    columns: [
      hash('id_hash', { isPrimary: true }),
      text('kind', 64),
      hash('subject_hash', optional),
      bigint('epoch', optional),
      hash('upstream_hash', optional),
      hash('grant_hash', optional),
      hash('lookup_hash', optional),
      longText('payload'),
      bigint('expires_at', optional),
      bigint('saved_at'),
      bigint('consumed_at', optional),
      text('used_by', 36, optional),
    ],
    indices: [
      { name: 'gtr_oidc_record_subject', columnNames: ['subject_hash', 'epoch'] },
      { name: 'gtr_oidc_record_grant', columnNames: ['grant_hash'] },
      { name: 'gtr_oidc_record_lookup', columnNames: ['lookup_hash'] },
      { name: 'gtr_oidc_record_expires_at', columnNames: ['expires_at'] },
    ],
  });

/** Creates the table of the oidc-provider adapter. */
export class CreateOidcRecord1 implements MigrationInterface {
  readonly name = 'GtrCreateOidcRecord1763769600002';

  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, table());
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable(table());
  }
}
