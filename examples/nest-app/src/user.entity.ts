import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('app_user')
export class User {
  /** A UUID. */
  @PrimaryColumn('varchar', { length: 36 })
  id!: string;

  @Column('varchar', { length: 100, unique: true })
  login!: string;

  @Column('varchar', { length: 200, unique: true })
  email!: string;

  /** scrypt, `salt.hash` in base64url. */
  @Column('varchar', { length: 200 })
  password!: string;
}
