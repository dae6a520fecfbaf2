import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { Leased } from './leased.js';

/** State of a delivery: `held` is kept until its recipient asks for it, `dead` is no longer attempted. */
export type DeliveryState = 'waiting' | 'delivered' | 'superseded' | 'held' | 'dead';

/** One notification for one recipient, kept for 30 days after it has finished. */
@Entity('gtr_delivery')
@Index('gtr_delivery_due_at', ['priority', 'dueAt'])
@Index('gtr_delivery_finished_at', ['finishedAt'])
@Index('gtr_delivery_recipient', ['recipient', 'state'])
export class Delivery extends Leased {
  /** SHA-256 of what it is for, so that each recipient has one per revocation. */
  @PrimaryColumn('varchar', { length: 64 })
  id!: string;

  /** Id of the {@link OutboxEntry}. */
  @Index('gtr_delivery_outbox_id')
  @Column('varchar', { name: 'outbox_id', length: 36 })
  outboxId!: string;

  /** Name of the sink. */
  @Column('varchar', { length: 64 })
  sink!: string;

  /** Name of the recipient within the sink. */
  @Column('varchar', { length: 255 })
  recipient!: string;

  /** Account id (`sub`) of the user whom it is about. */
  @Column('varchar', { length: 255 })
  subject!: string;

  /** Further data that the sink needs. */
  @Column('text')
  data!: string;

  @Column('varchar', { length: 16 })
  state!: DeliveryState;

  /** What the recipient answered last, or why the last attempt failed. */
  @Column('varchar', { length: 255 })
  answer!: string;
}
