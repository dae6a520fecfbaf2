import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { bigintAsNumber } from '../database/bigint.js';

/** Whether a stream sends events: `paused` keeps them, `disabled` drops them. @see OpenID.SSF §8.1.2 @publicApi */
export type StreamStatus = 'enabled' | 'paused' | 'disabled';

/** A stream of events to one receiver. @see OpenID.SSF §8.1.1 @publicApi */
@Entity('gtr_ssf_stream')
export class Stream {
  @PrimaryColumn('varchar', { length: 36 })
  id!: string;

  /** SHA-256 of the client id, which has one stream; null if an operator made the stream. */
  @Index('gtr_ssf_stream_receiver', { unique: true })
  @Column('varchar', { name: 'receiver_hash', length: 64, nullable: true })
  receiverHash!: string | null;

  /** Client id of the receiver, or what the operator calls it. */
  @Column('varchar', { length: 255 })
  receiver!: string;

  /** Claim `aud` of its events. */
  @Column('varchar', { length: 255 })
  audience!: string;

  /** Description from the receiver; empty if it sent none. */
  @Column('varchar', { length: 255 })
  description!: string;

  /** JSON: event types as the receiver requests them; null if it requests none. */
  @Column('text', { name: 'events_requested', nullable: true })
  eventsRequested!: string | null;

  /** URL to which events are pushed; null if the receiver polls. */
  @Column('text', { name: 'endpoint_url', nullable: true })
  endpointUrl!: string | null;

  /** Encrypted value of the header `Authorization` of pushed events; null if there is none. */
  @Column('text', { name: 'authorization_sealed', nullable: true })
  authorizationSealed!: string | null;

  /** Format of users in events. */
  @Column('varchar', { name: 'subject_format', length: 16 })
  subjectFormat!: 'iss_sub' | 'email';

  /** Users whom the receiver has neither added nor removed. */
  @Column('varchar', { name: 'default_subjects', length: 8 })
  defaultSubjects!: 'ALL' | 'NONE';

  @Column('varchar', { length: 16 })
  status!: StreamStatus;

  /** Why it has this status; may be empty. */
  @Column('varchar', { length: 255 })
  reason!: string;

  /** 1 if only an operator may change the status, also of a stream that the receiver makes after it has deleted this one. */
  @Column('int', { name: 'is_locked' })
  isLocked!: number;

  /** Database time of the last request for a verification, UTC epoch milliseconds; 0 before the first. */
  @Column('bigint', { name: 'verified_at', transformer: bigintAsNumber })
  verifiedAt!: number;

  /** UTC epoch milliseconds. */
  @Column('bigint', { name: 'created_at', transformer: bigintAsNumber })
  createdAt!: number;

  /** UTC epoch milliseconds at which the receiver deleted it; null if it exists. Only locked streams are kept. */
  @Column('bigint', { name: 'deleted_at', nullable: true, transformer: bigintAsNumber })
  deletedAt!: number | null;
}
