import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A person who can sign in. */
@Entity('op_user')
export class OpUser {
  /** Account id: the public `sub`. */
  @PrimaryColumn('varchar', { length: 36 })
  id!: string;

  /** Login name. */
  @Index('op_user_uid', { unique: true })
  @Column('varchar', { length: 190 })
  uid!: string;

  /** E-mail address in canonical form. */
  @Index('op_user_email', { unique: true })
  @Column('varchar', { length: 190 })
  email!: string;

  /** E.164. */
  @Index('op_user_phone')
  @Column('varchar', { length: 16 })
  phone!: string;

  @Column('varchar', { length: 255 })
  name!: string;

  /** Shared by several people. */
  @Index('op_user_department')
  @Column('varchar', { length: 190 })
  department!: string;

  /** argon2id, PHC string format. */
  @Column('varchar', { name: 'password_hash', length: 255 })
  passwordHash!: string;

  /** 1: public demo data, rejected in production. */
  @Column('int')
  demo!: number;
}
