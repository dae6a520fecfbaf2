import { Column, Entity, PrimaryColumn } from 'typeorm';
import { bigintAsNumber } from '../../database/bigint.js';
import type { CallerRestrictions } from '../../options/caller-restrictions.options.js';

/** An OAuth client: a possible caller, and the source of oidc-provider's `Client` model. @publicApi */
@Entity('gtr_client')
export class Client {
  /** SHA-256 of the client id, so that the comparison is exact under every collation. */
  @PrimaryColumn('varchar', { name: 'client_id_hash', length: 64 })
  clientIdHash!: string;

  /** Client identifier, for people and answers. Look-ups use the hash. */
  @Column('varchar', { name: 'client_id', length: 255 })
  clientId!: string;

  /**
   * SHA-256 of the secret, lower-case hex. A plain hash is enough because secrets have at least 256 bits. Null for a public
   * client or one that signs.
   */
  @Column('varchar', { name: 'secret_hash', length: 64, nullable: true })
  secretHash!: string | null;

  /** SHA-256 of the previous secret during a rotation, otherwise null. */
  @Column('varchar', { name: 'previous_secret_hash', length: 64, nullable: true })
  previousSecretHash!: string | null;

  /** UTC epoch milliseconds at which the previous secret expires; null if it does not expire. */
  @Column('bigint', { name: 'previous_secret_expires_at', nullable: true, transformer: bigintAsNumber })
  previousSecretExpiresAt!: number | null;

  /** Registered scope, names separated by spaces. @see RFC 7591 §2 */
  @Column('varchar', { length: 1000 })
  scope!: string;

  /** 1 if enabled, 0 if disabled. A disabled client is rejected everywhere from the next request on. */
  @Column('int')
  enabled!: number;

  /** 1 for published demo data, which production rejects. */
  @Column('int')
  demo!: number;

  /** Further client metadata: redirect URIs, grant types … @see RFC 7591 §2 */
  @Column('simple-json')
  metadata!: Record<string, unknown>;

  /** Users and formats that the client may name at the endpoint; null for no restriction. */
  @Column('simple-json', { nullable: true })
  restrictions!: CallerRestrictions | null;
}
