import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

/** A user of this application, which had them long before it could revoke. */
@Entity('app_user')
export class User {
  @PrimaryGeneratedColumn()
  id!: number;

  @Column('varchar', { length: 100, unique: true })
  login!: string;

  @Column('varchar', { length: 200, unique: true })
  email!: string;

  /** scrypt, `salt.hash` in base64url. */
  @Column('varchar', { name: 'password_hash', length: 200 })
  passwordHash!: string;
}
