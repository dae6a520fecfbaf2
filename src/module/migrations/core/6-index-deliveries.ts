import { type MigrationInterface, type QueryRunner, TableIndex } from 'typeorm';

const indices = [
  ['gtr_outbox', new TableIndex({ name: 'gtr_outbox_created_at', columnNames: ['created_at'] })],
  ['gtr_delivery', new TableIndex({ name: 'gtr_delivery_recipient', columnNames: ['recipient', 'state'] })],
] as const;

/** Adds the indices of the latest deliveries and of those of one recipient. */
export class IndexDeliveries6 implements MigrationInterface {
  readonly name = 'GtrIndexDeliveries1763769600008';

  async up(runner: QueryRunner): Promise<void> {
    for (const [table, index] of indices) await runner.createIndex(table, index);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const [table, index] of indices.toReversed()) await runner.dropIndex(table, index);
  }
}
