import { Column, Entity, PrimaryColumn } from 'typeorm';
import { bigintAsNumber } from '../database/bigint.js';

/** A stored override of a feature flag's configured value. @publicApi */
@Entity('gtr_feature_flag')
export class FeatureFlag {
  /** One of the known flag names. */
  @PrimaryColumn('varchar', { length: 64 })
  name!: string;

  /** 1 on, 0 off. A number, because not every driver binds booleans. */
  @Column('int')
  enabled!: number;

  /** UTC epoch milliseconds. */
  @Column('bigint', { name: 'updated_at', transformer: bigintAsNumber })
  updatedAt!: number;

  /** Who set it. */
  @Column('varchar', { name: 'updated_by', length: 255 })
  updatedBy!: string;
}
