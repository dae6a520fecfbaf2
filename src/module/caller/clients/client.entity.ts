import { Column, Entity, PrimaryColumn } from 'typeorm';
import { bigintAsNumber } from '../../database/bigint.js';
import type { CallerRestrictions } from '../../options/caller-restrictions.options.js';

/** An OAuth client: who may call the endpoint, and what oidc-provider's `Client` model is served from. @publicApi */
@Entity('gtr_client')
export class Client {
  /** SHA-256 of the client id: compares exactly under every collation. */
  @PrimaryColumn('varchar', { name: 'client_id_hash', length: 64 })
  clientIdHash!: string;

  /** Client identifier, for people and for answers; found by its hash. */
  @Column('varchar', { name: 'client_id', length: 255 })
  clientId!: string;

  /**
   * SHA-256 of the secret, lower-case hex. Secrets have at least 256 bit, so that a plain hash is enough. Null: a public
   * client, or one that signs.
   */
  @Column('varchar', { name: 'secret_hash', length: 64, nullable: true })
  secretHash!: string | null;

  /** Of the secret before this one, while a rotation lasts; null: none. */
  @Column('varchar', { name: 'previous_secret_hash', length: 64, nullable: true })
  previousSecretHash!: string | null;

  /** UTC epoch milliseconds from which the previous secret is refused; null: not before it is removed. */
  @Column('bigint', { name: 'previous_secret_expires_at', nullable: true, transformer: bigintAsNumber })
  previousSecretExpiresAt!: number | null;

  /** Registered scope, names separated by spaces. @see RFC 7591 §2 */
  @Column('varchar', { length: 1000 })
  scope!: string;

  /** 1 enabled, 0 disabled: refused everywhere from the next request on. */
  @Column('int')
  enabled!: number;

  /** 1: published demo data, refused in production. */
  @Column('int')
  demo!: number;

  /** Further client metadata: redirect URIs, grant types … @see RFC 7591 §2 */
  @Column('simple-json')
  metadata!: Record<string, unknown>;

  /** Whom it may name when it calls the endpoint; null: everybody. */
  @Column('simple-json', { nullable: true })
  restrictions!: CallerRestrictions | null;
}
