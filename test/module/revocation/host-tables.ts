import { Column, CreateDateColumn, Entity, Index, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';
import type { RevocationTarget } from '../../../src/module/index.js';

/** Refresh tokens under an auto-increment key. */
@Entity('host_refresh_token')
export class RefreshToken {
  @PrimaryGeneratedColumn()
  id!: number;

  @Index('host_refresh_token_user')
  @Column('varchar', { name: 'user_id', length: 191 })
  userId!: string;
}

/** Sessions under random keys, with the time they began. */
@Entity('host_session')
@Index('host_session_user', ['userId', 'createdAt'])
export class Session {
  @PrimaryGeneratedColumn('uuid')
  id!: string;

  @Column('varchar', { name: 'user_id', length: 191 })
  userId!: string;

  @CreateDateColumn({ name: 'created_at' })
  createdAt!: Date;
}

/** API keys under keys that sort by time; marked and kept. */
@Entity('host_api_key')
@Index('host_api_key_user', ['userId', 'ulid'])
export class ApiKey {
  @PrimaryColumn('varchar', { length: 64 })
  tenant!: string;

  @PrimaryColumn('varchar', { length: 26 })
  ulid!: string;

  @Column('varchar', { name: 'user_id', length: 191 })
  userId!: string;

  @Column('boolean', { default: false })
  revoked!: boolean;

  @Column({ type: Date, name: 'revoked_at', precision: 3, nullable: true })
  revokedAt!: Date | null;
}

/** Tokens that carry the epoch of SubjectEpochs. */
@Entity('host_epoch_token')
export class EpochToken {
  @PrimaryGeneratedColumn('uuid')
  id!: string;

  @Index('host_epoch_token_user')
  @Column('varchar', { name: 'user_id', length: 191 })
  userId!: string;

  @Column('bigint', { nullable: true })
  epoch!: string | null;
}

/** Marked by their epoch, under a key of several columns. */
@Entity('host_licence')
export class Licence {
  @PrimaryColumn('varchar', { length: 20 })
  product!: string;

  @PrimaryColumn('int')
  number!: number;

  @Index('host_licence_user')
  @Column('varchar', { name: 'user_id', length: 191 })
  userId!: string;

  @Column('bigint', { nullable: true })
  epoch!: string | null;

  @Column('boolean', { default: false })
  revoked!: boolean;
}

/** Users are numbers here. */
@Entity('host_device')
export class Device {
  @PrimaryGeneratedColumn()
  id!: number;

  @Index('host_device_user')
  @Column('bigint', { name: 'user_number' })
  userNumber!: string;
}

/** Keys that the application makes: higher than a JavaScript number holds exactly. */
@Entity('host_snowflake')
export class Snowflake {
  @PrimaryColumn('bigint')
  id!: string;

  @Index('host_snowflake_user')
  @Column('varchar', { name: 'user_id', length: 191 })
  userId!: string;
}

export const hostTables = [RefreshToken, Session, ApiKey, EpochToken, Licence, Device, Snowflake];

export const refreshTokens: RevocationTarget<RefreshToken> = {
  entity: RefreshToken,
  userColumn: 'userId',
  action: 'delete',
};
export const sessions: RevocationTarget<Session> = {
  entity: Session,
  userColumn: 'userId',
  action: 'delete',
  orderColumn: 'createdAt',
  counts: 'sessions',
};
export const apiKeys: RevocationTarget<ApiKey> = {
  entity: ApiKey,
  userColumn: 'userId',
  action: { set: { revoked: true, revokedAt: (at) => at } },
  orderColumn: 'ulid',
};
export const epochTokens: RevocationTarget<EpochToken> = {
  entity: EpochToken,
  userColumn: 'userId',
  action: 'delete',
  epochColumn: 'epoch',
};
export const licences: RevocationTarget<Licence> = {
  entity: Licence,
  userColumn: 'userId',
  action: { set: { revoked: true } },
  epochColumn: 'epoch',
};
export const devices: RevocationTarget<Device> = { entity: Device, userColumn: 'userNumber', action: 'delete' };
export const snowflakes: RevocationTarget<Snowflake> = {
  entity: Snowflake,
  userColumn: 'userId',
  action: 'delete',
  orderColumn: 'id',
};
