import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { bigintAsNumber } from '../database/bigint.js';

/** Session, interaction, grant, code or token of oidc-provider. No column contains a usable credential. */
@Entity('gtr_oidc_record')
@Index('gtr_oidc_record_subject', ['subjectHash', 'epoch'])
export class OidcRecord {
  /** SHA-256 of model name and id. */
  @PrimaryColumn('varchar', { name: 'id_hash', length: 64 })
  idHash!: string;

  /** Model name, for example `RefreshToken`. */
  @Column('varchar', { length: 64 })
  kind!: string;

  /** Key of the user's epoch (`gtr_subject_epoch`); null while the record belongs to nobody. */
  @Column('varchar', { name: 'subject_hash', length: 64, nullable: true })
  subjectHash!: string | null;

  /** Epoch inherited from the parent credential. The row is live while it equals the user's epoch. */
  @Column('bigint', { nullable: true, transformer: bigintAsNumber })
  epoch!: number | null;

  /** Key of the session at an upstream identity provider, inherited like the epoch; null if there is none. */
  @Column('varchar', { name: 'upstream_hash', length: 64, nullable: true })
  upstreamHash!: string | null;

  /** SHA-256 of model name and id of the grant; null if there is none. */
  @Index('gtr_oidc_record_grant')
  @Column('varchar', { name: 'grant_hash', length: 64, nullable: true })
  grantHash!: string | null;

  /** Keyed hash of the second key: session uid or user code. */
  @Index('gtr_oidc_record_lookup')
  @Column('varchar', { name: 'lookup_hash', length: 64, nullable: true })
  lookupHash!: string | null;

  /** Encrypted payload. It contains the id and other ids that work as credentials. */
  @Column('text')
  payload!: string;

  /** UTC epoch milliseconds; null if it does not expire. For deletion; the library checks `exp` of the payload. */
  @Index('gtr_oidc_record_expires_at')
  @Column('bigint', { name: 'expires_at', nullable: true, transformer: bigintAsNumber })
  expiresAt!: number | null;

  /** UTC epoch microseconds. Of several records with the same second key, the one saved last is found. */
  @Column('bigint', { name: 'saved_at', transformer: bigintAsNumber })
  savedAt!: number;

  /** UTC epoch milliseconds at which it was used; null if unused. */
  @Column('bigint', { name: 'consumed_at', nullable: true, transformer: bigintAsNumber })
  consumedAt!: number | null;

  /** Random id of the use, so that a retry recognizes its own; null if unused. */
  @Column('varchar', { name: 'used_by', length: 36, nullable: true })
  usedBy!: string | null;
}
