import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { bigintAsNumber } from '../database/bigint.js';

/**
 * One row per change an operator made to a feature flag, a client or all epochs, written in the same transaction.
 *
 * @publicApi
 */
@Entity('gtr_change')
export class Change {
  /** UUID, made before the first try, so that a retry after a lost COMMIT finds the row. */
  @PrimaryColumn('varchar', { length: 36 })
  id!: string;

  /** UTC epoch milliseconds. */
  @Index('gtr_change_created_at')
  @Column('bigint', { name: 'created_at', transformer: bigintAsNumber })
  createdAt!: number;

  /** Who: `cli:` and the name of the account on that machine, or the name given in process. */
  @Column('varchar', { length: 255 })
  actor!: string;

  /** What was done, e.g. `flag.disable`, `client.add`. */
  @Column('varchar', { length: 64 })
  action!: string;

  /** Name of the flag, id of the client, or `everybody`. */
  @Column('varchar', { length: 255 })
  target!: string;

  /** How it stood before, in words; empty: there was none. */
  @Column('text', { name: 'state_before' })
  before!: string;

  /** How it stands since, in words; empty: it is gone. */
  @Column('text', { name: 'state_after' })
  after!: string;
}
