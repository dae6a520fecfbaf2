import { type MigrationInterface, type QueryRunner, Table } from 'typeorm';
import { bigint, createTable, hash, int, longText, text } from '../columns.js';

const optional = { isNullable: true };
const none = { default: `''` };

const tables = (): Table[] => [
  new Table({
    name: 'gtr_client',
    columns: [
      hash('client_id_hash', { isPrimary: true }),
      text('client_id'),
      hash('secret_hash', optional),
      hash('previous_secret_hash', optional),
      bigint('previous_secret_expires_at', optional),
      text('scope', 1000),
      int('enabled'),
      int('demo'),
      longText('metadata'),
      longText('restrictions', optional),
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
      text('realm', 64, none),
      text('actor'),
      text('method', 64),
      text('key_id', 255, none),
      text('format', 64),
      hash('identifier_hash', none),
      int('matched'),
      text('source_ip', 45),
      text('request_id', 64, none),
      text('reason'),
      bigint('epoch_before'),
      bigint('epoch_after'),
      bigint('created_at'),
      int('sessions'),
      int('tokens'),
      bigint('completed_at', optional),
      longText('target_bounds', optional),
      int('targets_left', { default: 0 }),
    ],
    indices: [
      { name: 'gtr_revocation_subject', columnNames: ['subject_hash'] },
      { name: 'gtr_revocation_created_at', columnNames: ['created_at'] },
      { name: 'gtr_revocation_completed_at', columnNames: ['completed_at'] },
    ],
  }),
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
  new Table({
    name: 'gtr_change',
    columns: [
      text('id', 36, { isPrimary: true }),
      bigint('created_at'),
      text('actor'),
      text('action', 64),
      text('target'),
      longText('state_before'),
      longText('state_after'),
    ],
    indices: [{ name: 'gtr_change_created_at', columnNames: ['created_at'] }],
  }),
];

/** Creates the tables of clients, feature flags, epochs, revocations, used assertions and operators' changes. */
export class CreateCoreTables1 implements MigrationInterface {
  readonly name = 'GtrCreateCoreTables1763769600001';

  async up(runner: QueryRunner): Promise<void> {
    for (const table of tables()) await createTable(runner, table);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of tables().toReversed()) await runner.dropTable(table);
  }
}
