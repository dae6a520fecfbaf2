import { Column, Entity, PrimaryColumn } from 'typeorm';
import { bigintAsNumber } from '../database/bigint.js';

/** One row per realm that was ever revoked. Rows are never deleted. */
@Entity('gtr_realm_epoch')
export class RealmEpoch {
  /** SHA-256 of the name of the realm. */
  @PrimaryColumn('varchar', { name: 'realm_hash', length: 64 })
  realmHash!: string;

  /** Epoch of the realm, which is added to that of each of its users. It only rises. */
  @Column('bigint', { transformer: bigintAsNumber })
  epoch!: number;

  /** Value before the last revocation; 1 if that revocation created the row. */
  @Column('bigint', { transformer: bigintAsNumber })
  previous!: number;
}
