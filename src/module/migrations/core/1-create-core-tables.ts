import { type MigrationInterface, type QueryRunner, Table } from 'typeorm';
import { bigint, hash, int, longText, text } from '../columns.js';

const tables = (): Table[] => [
  new Table({
    name: 'gtr_client',
    columns: [
      hash('client_id_hash', { isPrimary: true }),
      text('client_id'),
      hash('secret_hash', { isNullable: true }),
      text('scope', 1000),
      int('enabled'),
      int('demo'),
      longText('metadata'),
    ],
  }),
  new Table({
    name: 'gtr_feature_flag',
    columns: [text('name', 64, { isPrimary: true }), int('enabled'), bigint('updated_at'), text('updated_by')],
  }),
  new Table({
    name: 'gtr_subject_epoch',
    columns: [hash('subject_hash', { isPrimary: true }), bigint('epoch'), bigint('previous')],
  }),
  new Table({
    name: 'gtr_revocation',
    columns: [
      text('id', 36, { isPrimary: true }),
      hash('subject_hash'),
      text('subject'),
      text('actor'),
      text('method', 64),
      text('format', 64),
      int('matched'),
      text('source_ip', 45),
      text('reason'),
      bigint('epoch_before'),
      bigint('epoch_after'),
      bigint('created_at'),
      int('sessions'),
      int('tokens'),
      bigint('completed_at', { isNullable: true }),
    ],
    indices: [
      { name: 'gtr_revocation_subject', columnNames: ['subject_hash'] },
      { name: 'gtr_revocation_created_at', columnNames: ['created_at'] },
      { name: 'gtr_revocation_completed_at', columnNames: ['completed_at'] },
    ],
  }),
];

/** Clients, feature flags, epochs and revocation records. */
export class CreateCoreTables1 implements MigrationInterface {
  readonly name = 'GtrCreateCoreTables1763769600001';

  async up(runner: QueryRunner): Promise<void> {
    for (const table of tables()) await runner.createTable(table);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of tables().toReversed()) await runner.dropTable(table);
  }
}
