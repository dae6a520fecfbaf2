import { Column, Entity, PrimaryColumn } from 'typeorm';
import { bigintAsNumber } from '../database/bigint.js';

/** One row per realm that was ever revoked. Rows are never deleted. */
@Entity('gtr_realm_epoch')
export class RealmEpoch {
  /** SHA-256 of the realm. */
  @PrimaryColumn('varchar', { name: 'realm_hash', length: 64 })
  realmHash!: string;

  /** What the epochs of the realm's users have in common; it is added to that of each. It only rises. */
  @Column('bigint', { transformer: bigintAsNumber })
  epoch!: number;

  /** Value before the last revocation; 1 if that revocation created the row. */
  @Column('bigint', { transformer: bigintAsNumber })
  previous!: number;
}
