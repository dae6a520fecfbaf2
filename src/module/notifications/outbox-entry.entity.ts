import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { bigintAsNumber } from '../database/bigint.js';
import type { NotifiedRevocation } from '../options/notification-sink.js';
import { Leased } from './leased.js';

/** A revocation to notify about. A job turns it into one {@link Delivery} per recipient. */
@Entity('gtr_outbox')
@Index('gtr_outbox_due_at', ['priority', 'dueAt'])
@Index('gtr_outbox_finished_at', ['finishedAt'])
export class OutboxEntry extends Leased {
  /** Id of the {@link Revocation} record; a UUID of its own after `epochs raise-all`. */
  @PrimaryColumn('varchar', { length: 36 })
  id!: string;

  /** Account id (`sub`) of the user; empty if a realm was revoked. */
  @Column('varchar', { length: 255 })
  subject!: string;

  /** The realm that was revoked: `everybody`, or the name that the host gave it; empty for a user. */
  @Column('varchar', { length: 255, default: '' })
  realm!: string;

  /** Epoch of the user before; 0 if there was none. */
  @Column('bigint', { name: 'epoch_before', transformer: bigintAsNumber })
  epochBefore!: number;

  /** Epoch of the user after. */
  @Column('bigint', { name: 'epoch_after', transformer: bigintAsNumber })
  epochAfter!: number;

  /** UTC epoch milliseconds. */
  @Index('gtr_outbox_created_at')
  @Column('bigint', { name: 'created_at', transformer: bigintAsNumber })
  createdAt!: number;

  /** JSON: which sinks have named all their recipients, and the next page of the one after them. Null before the first page. */
  @Column('text', { nullable: true })
  progress!: string | null;
}

/** Returns what sinks are told. */
export const revocationOf = ({ subject, ...entry }: OutboxEntry): NotifiedRevocation => {
  const { id, realm, epochBefore, epochAfter, createdAt } = entry;
  return { id, subject: subject === '' ? undefined : subject, realm, epochBefore, epochAfter, createdAt };
};
