import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { bigintAsNumber } from '../database/bigint.js';

/** A relying party that has, or had, a session of a user. Readable without the sealed payloads of sessions, and after their end. */
@Entity('gtr_participant')
@Index('gtr_participant_subject', ['subjectHash', 'clientId'])
export class Participant {
  /** SHA-256 of the other values but the last. */
  @PrimaryColumn('varchar', { length: 64 })
  id!: string;

  /** SHA-256 of the account id. */
  @Column('varchar', { name: 'subject_hash', length: 64 })
  subjectHash!: string;

  /** Account id of the user. */
  @Column('varchar', { length: 255 })
  subject!: string;

  @Column('varchar', { name: 'client_id', length: 255 })
  clientId!: string;

  /** `sid` that the relying party knows; empty if it has none. */
  @Column('varchar', { length: 255 })
  sid!: string;

  /** Epoch that its credentials carry. */
  @Column('bigint', { transformer: bigintAsNumber })
  epoch!: number;

  /** UTC epoch milliseconds: a day after the last of its credentials has expired. */
  @Index('gtr_participant_expires_at')
  @Column('bigint', { name: 'expires_at', transformer: bigintAsNumber })
  expiresAt!: number;
}
