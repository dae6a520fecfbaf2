import { Between, type FindOperator } from 'typeorm';

/** Which records of revocations or changes. */
export interface RecordFilter {
  /** UTC epoch milliseconds. */
  since?: number | undefined;
  /** UTC epoch milliseconds. */
  until?: number | undefined;
  /** Who did it. */
  actor?: string | undefined;
}

/** {@link RecordFilter} for the search. The columns compare by bytes, so another spelling is another actor. */
export const conditionsOf = ({
  since = 0,
  until = Number.MAX_SAFE_INTEGER,
  actor,
}: RecordFilter): { createdAt: FindOperator<number>; actor?: string } => ({
  createdAt: Between(since, until),
  ...(actor !== undefined && { actor }),
});
