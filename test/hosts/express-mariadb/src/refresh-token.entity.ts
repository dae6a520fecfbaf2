import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A refresh token of this application, in its own table. */
@Entity('app_refresh_token')
export class RefreshToken {
  /** SHA-256 of the token. */
  @PrimaryColumn('varchar', { length: 64 })
  hash!: string;

  @Index('app_refresh_token_user')
  @Column('int', { name: 'user_id' })
  userId!: number;

  /** The revocation epoch as it stood before the password was checked, copied from token to token. */
  @Column('bigint')
  epoch!: string;

  /** UTC epoch milliseconds. */
  @Column('bigint', { name: 'expires_at' })
  expiresAt!: string;
}
