import { type MigrationInterface, type QueryRunner, Table } from 'typeorm';
import { bigint, createTable, hash, int, longText, text } from '../columns.js';

const optional = { isNullable: true };

/** Columns of work that one process at a time does. */
const leased = (name: string) => ({
  columns: [
    int('priority'),
    int('attempts'),
    bigint('due_at', optional),
    text('claimed_by', 36, optional),
    bigint('finished_at', optional),
  ],
  indices: [
    { name: `${name}_due_at`, columnNames: ['priority', 'due_at'] },
    { name: `${name}_finished_at`, columnNames: ['finished_at'] },
  ],
});

const tables = (): Table[] => {
  const [outbox, delivery] = [leased('gtr_outbox'), leased('gtr_delivery')];
  return [
    new Table({
      name: 'gtr_outbox',
      columns: [
        text('id', 36, { isPrimary: true }),
        text('subject'),
        bigint('epoch_before'),
        bigint('epoch_after'),
        bigint('created_at'),
        longText('progress', optional),
        ...outbox.columns,
      ],
      indices: outbox.indices,
    }),
    new Table({
      name: 'gtr_delivery',
      columns: [
        hash('id', { isPrimary: true }),
        text('outbox_id', 36),
        text('sink', 64),
        text('recipient'),
        text('subject'),
        longText('data'),
        text('state', 16),
        text('answer'),
        ...delivery.columns,
      ],
      indices: [{ name: 'gtr_delivery_outbox_id', columnNames: ['outbox_id'] }, ...delivery.indices],
    }),
  ];
};

/** Creates the tables of revocations to notify about and of their deliveries. */
export class CreateNotificationTables2 implements MigrationInterface {
  readonly name = 'GtrCreateNotificationTables1763769600004';

  async up(runner: QueryRunner): Promise<void> {
    for (const table of tables()) await createTable(runner, table);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of tables().toReversed()) await runner.dropTable(table);
  }
}
