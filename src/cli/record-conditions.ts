import { Between, type FindOperator } from 'typeorm';

/** Selects records of revocations or changes. */
export interface RecordFilter {
  /** UTC epoch milliseconds. */
  since?: number | undefined;
  /** UTC epoch milliseconds. */
  until?: number | undefined;
  /** Who made the change. */
  actor?: string | undefined;
}

/** Converts a {@link RecordFilter} to a query. The columns compare bytes, so actors are case-sensitive. */
export const conditionsOf = ({
  since = 0,
  until = Number.MAX_SAFE_INTEGER,
  actor,
}: RecordFilter): { createdAt: FindOperator<number>; actor?: string } => ({
  createdAt: Between(since, until),
  ...(actor !== undefined && { actor }),
});
