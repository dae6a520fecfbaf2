import type { DeliveryState } from './delivery.entity.js';

/** A delivery, for operators. @publicApi */
export interface ListedDelivery {
  id: string;
  /** Id of the revocation. */
  outboxId: string;
  sink: string;
  recipient: string;
  /** Account id of the user. */
  subject: string;
  state: DeliveryState;
  /** What the recipient answered last, or why the last attempt failed. */
  answer: string;
  /** Attempts that have begun. */
  attempts: number;
  /** UTC epoch milliseconds of the next attempt; null when nothing is left to do. */
  dueAt: number | null;
  /** UTC epoch milliseconds; null while something is left to do. */
  finishedAt: number | null;
  /** UTC epoch milliseconds of the revocation. */
  createdAt: number;
}

type Times = 'attempts' | 'dueAt' | 'finishedAt' | 'createdAt';

/** {@link ListedDelivery} as drivers return it. */
export type DeliveryRow = Omit<ListedDelivery, Times> & Record<Times, string | number | null>;

const time = (value: string | number | null): number | null => (value === null ? null : Number(value));

export const deliveryRows = (rows: readonly DeliveryRow[]): ListedDelivery[] =>
  rows.map((row) => ({
    ...row,
    attempts: Number(row.attempts),
    dueAt: time(row.dueAt),
    finishedAt: time(row.finishedAt),
    createdAt: Number(row.createdAt),
  }));
