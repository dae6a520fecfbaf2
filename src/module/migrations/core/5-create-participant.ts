import { type MigrationInterface, type QueryRunner, Table } from 'typeorm';
import { bigint, createTable, hash, text } from '../columns.js';

const table = (): Table =>
  new Table({
    name: 'gtr_participant',
    columns: [
      hash('id', { isPrimary: true }),
      hash('subject_hash'),
      text('subject'),
      text('client_id'),
      text('sid'),
      bigint('epoch'),
      bigint('expires_at'),
    ],
    indices: [
      { name: 'gtr_participant_subject', columnNames: ['subject_hash', 'client_id'] },
      { name: 'gtr_participant_expires_at', columnNames: ['expires_at'] },
    ],
  });

/** Creates the table of relying parties that have a session of a user. */
export class CreateParticipant5 implements MigrationInterface {
  readonly name = 'GtrCreateParticipant1763769600007';

  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, table());
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable(table());
  }
}
