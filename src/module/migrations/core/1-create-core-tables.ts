import { type MigrationInterface, type QueryRunner, Table } from 'typeorm';
import { bigint, createTable, hash, int, longText, text } from '../columns.js';

const optional = { isNullable: true };
const none = { default: `''` };

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

const [outbox, delivery] = [leased('gtr_outbox'), leased('gtr_delivery')];

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
    columns: [
      hash('subject_hash', { isPrimary: true }),
      bigint('epoch'),
      bigint('previous'),
      hash('realm_hash', optional),
    ],
    indices: [{ name: 'gtr_subject_epoch_realm', columnNames: ['realm_hash', 'subject_hash'] }],
  }),
  new Table({
    name: 'gtr_realm_epoch',
    columns: [hash('realm_hash', { isPrimary: true }), bigint('epoch'), bigint('previous')],
  }),
  new Table({
    name: 'gtr_revocation',
    columns: [
      text('id', 36, { isPrimary: true }),
      hash('subject_hash'),
      text('subject'),
      text('realm', 255, none),
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
      int('to_notify', optional),
    ],
    indices: [
      { name: 'gtr_revocation_subject', columnNames: ['subject_hash', 'completed_at', 'epoch_after'] },
      { name: 'gtr_revocation_created_at', columnNames: ['created_at'] },
      { name: 'gtr_revocation_incomplete', columnNames: ['completed_at', 'created_at', 'id'] },
      { name: 'gtr_revocation_to_notify', columnNames: ['to_notify', 'created_at'] },
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
  new Table({
    name: 'gtr_outbox',
    columns: [
      text('id', 36, { isPrimary: true }),
      text('subject'),
      text('realm', 255, none),
      bigint('epoch_before'),
      bigint('epoch_after'),
      bigint('created_at'),
      longText('progress', optional),
      ...outbox.columns,
    ],
    indices: [{ name: 'gtr_outbox_created_at', columnNames: ['created_at'] }, ...outbox.indices],
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
    indices: [
      { name: 'gtr_delivery_outbox_id', columnNames: ['outbox_id'] },
      { name: 'gtr_delivery_recipient', columnNames: ['recipient', 'state'] },
      ...delivery.indices,
    ],
  }),
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
      text('client_id', 255, optional),
    ],
    indices: [
      {
        name: 'gtr_status_index_subject',
        columnNames: ['subject_hash', 'epoch', 'audience_hash', 'list_id'],
        isUnique: true,
      },
    ],
  }),
  new Table({
    name: 'gtr_issuer',
    columns: [int('id', { isPrimary: true }), longText('issuer')],
  }),
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
  }),
  new Table({
    name: 'gtr_ended_session',
    columns: [
      hash('upstream_hash', { isPrimary: true }),
      hash('subject_hash', { isPrimary: true }),
      bigint('ended_at'),
      text('ended_by'),
    ],
    indices: [{ name: 'gtr_ended_session_ended_at', columnNames: ['ended_at'] }],
  }),
];

/** Creates the tables of `coreEntities`. */
export class CreateCoreTables1 implements MigrationInterface {
  readonly name = 'GtrCreateCoreTables1763769600001';

  async up(runner: QueryRunner): Promise<void> {
    for (const table of tables()) await createTable(runner, table);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of tables().toReversed()) await runner.dropTable(table);
  }
}
