import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { bigintAsNumber } from '../database/bigint.js';

/** Audit record of a revocation that took effect, written in the same transaction. @publicApi */
@Entity('gtr_revocation')
@Index('gtr_revocation_subject', ['subjectHash', 'completedAt', 'epochAfter'])
@Index('gtr_revocation_incomplete', ['completedAt', 'createdAt', 'id'])
@Index('gtr_revocation_to_notify', ['toNotify', 'createdAt'])
export class Revocation {
  /** UUID, created before the first try, so that a retry after a lost COMMIT finds the row. */
  @PrimaryColumn('varchar', { length: 36 })
  id!: string;

  /**
   * SHA-256 of the account id, or of an empty text if everybody was revoked: key of {@link SubjectEpoch}. If another realm was
   * revoked, SHA-256 of its name.
   */
  @Column('varchar', { name: 'subject_hash', length: 64 })
  subjectHash!: string;

  /** Account id (`sub`) of the user; empty if a realm was revoked. */
  @Column('varchar', { length: 255 })
  subject!: string;

  /** The realm that was revoked: `everybody`, or the name that the host gave it; empty for a user. */
  @Column('varchar', { length: 255, default: '' })
  realm!: string;

  /** Who revoked: a client id, or the name that the host passed. */
  @Column('varchar', { length: 255 })
  actor!: string;

  /** How the caller authenticated, for example `client_secret_basic`; `in_process` for calls of the host. */
  @Column('varchar', { length: 64 })
  method!: string;

  /** Key or secret of the caller; empty if it has only one. */
  @Column('varchar', { name: 'key_id', length: 255, default: '' })
  keyId!: string;

  /** `format` of the identifier; empty in process. */
  @Column('varchar', { length: 64 })
  format!: string;

  /** Keyed hash of the identifier, see {@link IdentifierHash}; empty in process and without `auditKey`. */
  @Column('varchar', { name: 'identifier_hash', length: 64, default: '' })
  identifierHash!: string;

  /** How many users the identifier matched; 1,000 means at least 1,000. The first was revoked. 0 for a realm. */
  @Column('int')
  matched!: number;

  /** Client address, behind the proxies that the host trusts; empty in process. */
  @Column('varchar', { name: 'source_ip', length: 45 })
  sourceIp!: string;

  /** Id of the request, as in the log; empty in process. */
  @Column('varchar', { name: 'request_id', length: 64, default: '' })
  requestId!: string;

  /** Reason that the host passed; may be empty. */
  @Column('varchar', { length: 255 })
  reason!: string;

  /** Epoch of the user, or of the realm, before the revocation; 0 if there was none. */
  @Column('bigint', { name: 'epoch_before', transformer: bigintAsNumber })
  epochBefore!: number;

  /** Epoch of the user, or of the realm, after the revocation. */
  @Column('bigint', { name: 'epoch_after', transformer: bigintAsNumber })
  epochAfter!: number;

  /** UTC epoch milliseconds. */
  @Index('gtr_revocation_created_at')
  @Column('bigint', { name: 'created_at', transformer: bigintAsNumber })
  createdAt!: number;

  /** Browser sessions that ended, counted by the sweep. */
  @Column('int')
  sessions!: number;

  /** Access and refresh tokens that ended, counted by the sweep. */
  @Column('int')
  tokens!: number;

  /**
   * UTC epoch milliseconds at which the sweep completed and the counts became final; null before. At least 30 seconds
   * after {@link createdAt}, so that credentials stored by requests in progress are counted.
   */
  @Column('bigint', { name: 'completed_at', nullable: true, transformer: bigintAsNumber })
  completedAt!: number | null;

  /**
   * Host tables that the process declared as targets, as JSON: for each, the highest order value of the user's rows at the
   * time of revocation, `epoch` if rows carry the epoch, or null if the user had no row. The sweep ends rows up to it. Null if
   * no table was declared.
   */
  @Column('text', { name: 'target_bounds', nullable: true })
  targetBounds!: string | null;

  /** 1 if rows of the host's tables are left; they are swept immediately. 2 if they are only left to other processes. */
  @Column('int', { name: 'targets_left', default: 0 })
  targetsLeft!: number;

  /** 1 until the notifications of this revocation are in the outbox; null afterwards, and without {@link Notifications.sinks}. */
  @Column('int', { name: 'to_notify', nullable: true })
  toNotify!: 1 | null;
}
