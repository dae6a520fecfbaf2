import { Column, Entity, PrimaryColumn } from 'typeorm';
import { bigintAsNumber } from '../database/bigint.js';

/** One row per realm that was ever revoked, or that a user has left. Rows are never deleted. */
@Entity('gtr_realm_epoch')
export class RealmEpoch {
  /** SHA-256 of the name of the realm. */
  @PrimaryColumn('varchar', { name: 'realm_hash', length: 64 })
  realmHash!: string;

  /** What the epochs of the realm's users have in common; it is added to that of each. 0 until the first revocation; it only rises. */
  @Column('bigint', { transformer: bigintAsNumber })
  epoch!: number;

  /** Value before the last revocation, at least 1; 0 if there was none. */
  @Column('bigint', { transformer: bigintAsNumber })
  previous!: number;
}
