import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { bigintAsNumber } from '../../database/bigint.js';

/** A used assertion or DPoP proof, kept until it expires. @see RFC 7519 §4.1.7 */
@Entity('gtr_assertion')
export class UsedAssertion {
  /** SHA-256 of issuer and `jti`; for a proof, of key thumbprint and `jti`. */
  @PrimaryColumn('varchar', { name: 'assertion_hash', length: 64 })
  assertionHash!: string;

  /** SHA-256 of the request body; empty for a proof. */
  @Column('varchar', { name: 'body_hash', length: 64 })
  bodyHash!: string;

  /** UUID of the revocation record or of the request, created before the first try. */
  @Column('varchar', { name: 'used_by', length: 36 })
  usedBy!: string;

  /** UTC epoch milliseconds. */
  @Index('gtr_assertion_expires_at')
  @Column('bigint', { name: 'expires_at', transformer: bigintAsNumber })
  expiresAt!: number;
}
