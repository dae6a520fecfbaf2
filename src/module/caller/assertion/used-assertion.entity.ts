import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { bigintAsNumber } from '../../database/bigint.js';

/** A signed credential that was used, kept until it has expired: it is good once. @see RFC 7519 §4.1.7 */
@Entity('gtr_assertion')
export class UsedAssertion {
  /** SHA-256 of issuer and `jti`; of a proof, of the thumbprint of its key and `jti`. */
  @PrimaryColumn('varchar', { name: 'assertion_hash', length: 64 })
  assertionHash!: string;

  /** SHA-256 of the request's body; of a proof, empty. */
  @Column('varchar', { name: 'body_hash', length: 64 })
  bodyHash!: string;

  /** UUID, made before the first try: of the revocation record, or of the request. */
  @Column('varchar', { name: 'used_by', length: 36 })
  usedBy!: string;

  /** UTC epoch milliseconds. */
  @Index('gtr_assertion_expires_at')
  @Column('bigint', { name: 'expires_at', transformer: bigintAsNumber })
  expiresAt!: number;
}
