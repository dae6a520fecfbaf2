import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

@Entity('app_refresh_token')
export class RefreshToken {
  /** SHA-256 of the token. */
  @PrimaryColumn('varchar', { length: 64 })
  hash!: string;

  @Index('app_refresh_token_user')
  @Column('varchar', { length: 36 })
  userId!: string;

  /** The one column that was added for revocations: the epoch of the sign-in. */
  @Column('bigint')
  epoch!: string;

  @Column('bigint')
  expiresAt!: string;
}
