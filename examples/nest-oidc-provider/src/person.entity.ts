import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Somebody who can sign in. */
@Entity()
export class Person {
  /** The public `sub`. */
  @PrimaryColumn('varchar', { length: 36 })
  id!: string;

  @Column('varchar', { length: 200, unique: true })
  email!: string;

  /** scrypt, `salt.hash` in base64url. */
  @Column('varchar', { length: 200 })
  password!: string;
}
