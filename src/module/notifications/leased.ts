import { Column } from 'typeorm';
import { bigintAsNumber } from '../database/bigint.js';

/** Columns of work that one process at a time does. */
export abstract class Leased {
  /** 0, or 1 for what waits for everything else: notifications after a realm was revoked. */
  @Column('int')
  priority!: number;

  /** Attempts that have begun. */
  @Column('int')
  attempts!: number;

  /** UTC epoch milliseconds at which the next attempt begins, unless the present one has finished; null when nothing is left to do. */
  @Column('bigint', { name: 'due_at', nullable: true, transformer: bigintAsNumber })
  dueAt!: number | null;

  /** Random id of the present attempt; null between attempts. */
  @Column('varchar', { name: 'claimed_by', length: 36, nullable: true })
  claimedBy!: string | null;

  /** UTC epoch milliseconds; null while something is left to do. */
  @Column('bigint', { name: 'finished_at', nullable: true, transformer: bigintAsNumber })
  finishedAt!: number | null;
}
