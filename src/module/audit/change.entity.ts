import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { bigintAsNumber } from '../database/bigint.js';

/** Record of an operator's change, such as to a feature flag, a client or all epochs, written in the same transaction. @publicApi */
@Entity('gtr_change')
export class Change {
  /** UUID, created before the first try, so that a retry after a lost COMMIT finds the row. */
  @PrimaryColumn('varchar', { length: 36 })
  id!: string;

  /** UTC epoch milliseconds. */
  @Index('gtr_change_created_at')
  @Column('bigint', { name: 'created_at', transformer: bigintAsNumber })
  createdAt!: number;

  /** `cli:` and the account name on that machine, or the name that the host passed. */
  @Column('varchar', { length: 255 })
  actor!: string;

  /** Action, for example `flag.disable` or `client.add`. */
  @Column('varchar', { length: 64 })
  action!: string;

  /** What was changed: the name of a flag, the id of a client or of a stream, `everybody` … */
  @Column('varchar', { length: 255 })
  target!: string;

  /** Description of the state before; empty if there was none. */
  @Column('text', { name: 'state_before' })
  before!: string;

  /** Description of the state after; empty if it was removed. */
  @Column('text', { name: 'state_after' })
  after!: string;
}
