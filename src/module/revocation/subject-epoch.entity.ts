import { Column, Entity, PrimaryColumn } from 'typeorm';
import { bigintAsNumber } from '../database/bigint.js';

/**
 * One row per user, written at the first login or the first revocation and never deleted: a user deleted and created again
 * under the same id must not revive old tokens.
 *
 * @publicApi
 */
@Entity('gtr_subject_epoch')
export class SubjectEpoch {
  /** SHA-256 of the account id. */
  @PrimaryColumn('varchar', { name: 'subject_hash', length: 64 })
  subjectHash!: string;

  /** Credentials that carry exactly this value are live. It only rises; no value is used twice. */
  @Column('bigint', { transformer: bigintAsNumber })
  epoch!: number;

  /** Value before the last revocation; 0 before the first. */
  @Column('bigint', { transformer: bigintAsNumber })
  previous!: number;
}
