import { type MigrationInterface, type QueryRunner, Table } from 'typeorm';
import { bigint, createTable, hash, int, text } from '../columns.js';

const tables = (): Table[] => [
  new Table({
    name: 'gtr_status_list',
    columns: [text('id', 36, { isPrimary: true }), int('ordinal'), bigint('closes_at'), bigint('expires_at')],
    indices: [{ name: 'gtr_status_list_ordinal', columnNames: ['ordinal'], isUnique: true }],
  }),
  new Table({
    name: 'gtr_status_index',
    columns: [
      text('list_id', 36, { isPrimary: true }),
      int('idx', { isPrimary: true }),
      hash('subject_hash'),
      hash('audience_hash'),
      bigint('epoch'),
      text('client_id', 255, { isNullable: true }),
    ],
    indices: [
      {
        name: 'gtr_status_index_subject',
        columnNames: ['subject_hash', 'epoch', 'audience_hash', 'list_id'],
        isUnique: true,
      },
    ],
  }),
];

/** Creates the tables of status lists. */
export class CreateStatusLists3 implements MigrationInterface {
  readonly name = 'GtrCreateStatusLists1763769600005';

  async up(runner: QueryRunner): Promise<void> {
    for (const table of tables()) await createTable(runner, table);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of tables().toReversed()) await runner.dropTable(table);
  }
}
