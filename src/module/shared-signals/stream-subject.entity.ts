import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A user whom a receiver has added to a stream, or removed from it. @see OpenID.SSF §8.1.3 @publicApi */
@Entity('gtr_ssf_subject')
export class StreamSubject {
  /** Id of the {@link Stream}. */
  @PrimaryColumn('varchar', { name: 'stream_id', length: 36 })
  streamId!: string;

  /** SHA-256 of the account id. */
  @PrimaryColumn('varchar', { name: 'subject_hash', length: 64 })
  subjectHash!: string;

  /** 1 if the receiver has added the user, 0 if it has removed the user. */
  @Column('int', { name: 'is_added' })
  isAdded!: number;
}
