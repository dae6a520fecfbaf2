import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { bigintAsNumber } from '../database/bigint.js';

/**
 * One row per user, and one for all users. Rows are created at the first sign-in or revocation and never deleted, so that a user who
 * is deleted and created again under the same id does not revive old tokens.
 *
 * @publicApi
 */
@Entity('gtr_subject_epoch')
@Index('gtr_subject_epoch_realm', ['realmHash', 'subjectHash'])
export class SubjectEpoch {
  /** SHA-256 of the account id; of an empty text for all users. */
  @PrimaryColumn('varchar', { name: 'subject_hash', length: 64 })
  subjectHash!: string;

  /**
   * Credentials with exactly the sum of this value, that of the row for all users, and the epoch of the user's realm are
   * live. The sum only rises, so none is reused.
   */
  @Column('bigint', { transformer: bigintAsNumber })
  epoch!: number;

  /** Value before the last revocation: 0 if there was none, 1 if that revocation created the row. */
  @Column('bigint', { transformer: bigintAsNumber })
  previous!: number;

  /** SHA-256 of the user's realm; null if none is known. */
  @Column('varchar', { name: 'realm_hash', length: 64, nullable: true })
  realmHash!: string | null;
}
