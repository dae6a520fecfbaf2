import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { bigintAsNumber } from '../database/bigint.js';

/** A status list. Its bits are not stored: they follow from the epochs. @publicApi */
@Entity('gtr_status_list')
export class StatusList {
  /** UUID, the last part of its address. */
  @PrimaryColumn('varchar', { length: 36 })
  id!: string;

  /** Number of the list: one more than that of the previous list, so that two nodes do not begin two lists. */
  @Index('gtr_status_list_ordinal', { unique: true })
  @Column('int')
  ordinal!: number;

  /** Time from which no token is issued for it; UTC epoch milliseconds. */
  @Column('bigint', { name: 'closes_at', transformer: bigintAsNumber })
  closesAt!: number;

  /** Time from which no token for it is valid; UTC epoch milliseconds. */
  @Column('bigint', { name: 'expires_at', transformer: bigintAsNumber })
  expiresAt!: number;
}
