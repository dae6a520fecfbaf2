import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { bigintAsNumber } from '../database/bigint.js';

/** An index of a status list, for all tokens that inherit one epoch of a user, or for all tokens of a client itself. @publicApi */
@Entity('gtr_status_index')
@Index('gtr_status_index_subject', ['subjectHash', 'epoch', 'audienceHash', 'listId'], { unique: true })
export class StatusIndex {
  /** Id of the list. */
  @PrimaryColumn('varchar', { name: 'list_id', length: 36 })
  listId!: string;

  /** Place in the list. Never used twice. */
  @PrimaryColumn('int')
  idx!: number;

  /** SHA-256 of the account id; `client` for a client's own tokens. */
  @Column('varchar', { name: 'subject_hash', length: 64 })
  subjectHash!: string;

  /** SHA-256 of the audience if other audiences have their own index, and of the client id for a client's own tokens. */
  @Column('varchar', { name: 'audience_hash', length: 64 })
  audienceHash!: string;

  /** Epoch that the tokens carry; 0 for a client's own tokens. */
  @Column('bigint', { transformer: bigintAsNumber })
  epoch!: number;

  /** Client whose own tokens these are, otherwise null. */
  @Column('varchar', { name: 'client_id', length: 255, nullable: true })
  clientId!: string | null;
}
