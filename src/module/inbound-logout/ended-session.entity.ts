import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { bigintAsNumber } from '../database/bigint.js';

/**
 * A session at an upstream identity provider that has ended. Without this row, what came from the session would be live again, so the
 * row is kept for {@link SweepOptions.endedSessionRetentionDays}.
 *
 * @publicApi
 */
@Entity('gtr_ended_session')
export class EndedSession {
  /** SHA-256 of the issuer and its `sid`. */
  @PrimaryColumn('varchar', { name: 'upstream_hash', length: 64 })
  upstreamHash!: string;

  /** Key of the user's epoch if the logout token named the user; otherwise empty. */
  @PrimaryColumn('varchar', { name: 'subject_hash', length: 64 })
  subjectHash!: string;

  /** UTC epoch milliseconds. */
  @Index('gtr_ended_session_ended_at')
  @Column('bigint', { name: 'ended_at', transformer: bigintAsNumber })
  endedAt!: number;

  /** Id of the identity provider. */
  @Column('varchar', { name: 'ended_by', length: 255 })
  endedBy!: string;
}
