import { type MigrationInterface, type QueryRunner, Table } from 'typeorm';
import { bigint, createTable, hash, int, longText, text } from '../columns.js';

const optional = { isNullable: true };

const tables = (): Table[] => [
  new Table({
    name: 'gtr_ssf_stream',
    columns: [
      text('id', 36, { isPrimary: true }),
      hash('receiver_hash', optional),
      text('receiver'),
      text('audience'),
      text('description'),
      longText('events_requested', optional),
      longText('endpoint_url', optional),
      longText('authorization_sealed', optional),
      text('subject_format', 16),
      text('default_subjects', 8),
      text('status', 16),
      text('reason'),
      int('is_locked'),
      bigint('verified_at'),
      bigint('created_at'),
      bigint('deleted_at', optional),
    ],
    indices: [{ name: 'gtr_ssf_stream_receiver', columnNames: ['receiver_hash'], isUnique: true }],
  }),
  new Table({
    name: 'gtr_ssf_subject',
    columns: [text('stream_id', 36, { isPrimary: true }), hash('subject_hash', { isPrimary: true }), int('is_added')],
  }),
];

/** Creates the tables of the streams of Shared Signals. */
export class CreateStreams1 implements MigrationInterface {
  readonly name = 'GtrCreateStreams1763769600009';

  async up(runner: QueryRunner): Promise<void> {
    for (const table of tables()) await createTable(runner, table);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of tables().toReversed()) await runner.dropTable(table);
  }
}
