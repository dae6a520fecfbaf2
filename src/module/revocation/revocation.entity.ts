import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { bigintAsNumber } from '../database/bigint.js';

/** One row per revocation that took effect, written in the same transaction: the audit record. @publicApi */
@Entity('gtr_revocation')
export class Revocation {
  /** UUID, made before the first try, so that a retry after a lost COMMIT finds the row. */
  @PrimaryColumn('varchar', { length: 36 })
  id!: string;

  /** SHA-256 of the account id; key of {@link SubjectEpoch}. */
  @Index('gtr_revocation_subject')
  @Column('varchar', { name: 'subject_hash', length: 64 })
  subjectHash!: string;

  /** Account id (`sub`) of the user. */
  @Column('varchar', { length: 255 })
  subject!: string;

  /** Who asked: a client id, or the name given in process. */
  @Column('varchar', { length: 255 })
  actor!: string;

  /** How the caller authenticated, e.g. `client_secret_basic`; `in_process` for calls of the host. */
  @Column('varchar', { length: 64 })
  method!: string;

  /** Which of the caller's keys or secrets it authenticated with; empty when it has only one. */
  @Column('varchar', { name: 'key_id', length: 255, default: '' })
  keyId!: string;

  /** `format` of the identifier; empty in process. */
  @Column('varchar', { length: 64 })
  format!: string;

  /** Keyed hash of the identifier, see {@link IdentifierHash}; empty in process and without `auditKey`. */
  @Column('varchar', { name: 'identifier_hash', length: 64, default: '' })
  identifierHash!: string;

  /** How many users the identifier matched, 1,000 for that many or more; the first was revoked. */
  @Column('int')
  matched!: number;

  /** Address the request came from, behind the proxies that the host trusts; empty in process. */
  @Column('varchar', { name: 'source_ip', length: 45 })
  sourceIp!: string;

  /** Id of the request, as in the log; empty in process. */
  @Column('varchar', { name: 'request_id', length: 64, default: '' })
  requestId!: string;

  /** Why, in the words of the host; empty when none were given. */
  @Column('varchar', { length: 255 })
  reason!: string;

  /** Epoch of the user before. 0: there was none. */
  @Column('bigint', { name: 'epoch_before', transformer: bigintAsNumber })
  epochBefore!: number;

  /** Epoch of the user since. */
  @Column('bigint', { name: 'epoch_after', transformer: bigintAsNumber })
  epochAfter!: number;

  /** UTC epoch milliseconds. */
  @Index('gtr_revocation_created_at')
  @Column('bigint', { name: 'created_at', transformer: bigintAsNumber })
  createdAt!: number;

  /** Browser sessions that ended; counted while they are swept. */
  @Column('int')
  sessions!: number;

  /** Access and refresh tokens that ended; counted while they are swept. */
  @Column('int')
  tokens!: number;

  /**
   * UTC epoch milliseconds since when the garbage is gone and the counts are complete; null: not yet. At the earliest 30 seconds
   * after {@link createdAt}: requests that were under way have ended by then, and what they stored is counted.
   */
  @Index('gtr_revocation_completed_at')
  @Column('bigint', { name: 'completed_at', nullable: true, transformer: bigintAsNumber })
  completedAt!: number | null;

  /**
   * Up to which row the host's tables are to be cleared, as JSON: table → highest value of its order column when the user
   * was revoked. null: they held nothing of the user.
   */
  @Column('text', { name: 'target_bounds', nullable: true })
  targetBounds!: string | null;

  /** 1: rows of the host's tables are known to be left, and are swept at once. */
  @Column('int', { name: 'targets_left', default: 0 })
  targetsLeft!: number;
}
