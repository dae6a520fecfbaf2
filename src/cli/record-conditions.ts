import { And, Between, type DataSource, Equal, type FindOperator, Raw } from 'typeorm';
import { sqlDialect } from 'nestjs-global-revocation/administration';

/** Which records of revocations or changes. */
export interface RecordFilter {
  /** UTC epoch milliseconds. */
  since?: number | undefined;
  /** UTC epoch milliseconds. */
  until?: number | undefined;
  /** Who did it. */
  actor?: string | undefined;
}

/** {@link RecordFilter} for the search; collations take different names for equal, we do not. */
export const conditionsOf = (
  dataSource: DataSource,
  { since = 0, until = Number.MAX_SAFE_INTEGER, actor }: RecordFilter,
): { createdAt: FindOperator<number>; actor?: FindOperator<string> } => ({
  createdAt: Between(since, until),
  ...(actor !== undefined && { actor: And(Equal(actor), sameBytes(dataSource, actor)) }),
});

const sameBytes = (dataSource: DataSource, text: string): FindOperator<string> =>
  Raw((column) => `${sqlDialect(dataSource).bytes(column)} = :actor`, {
    actor: Buffer.from(text).toString('hex').toUpperCase(),
  }) as FindOperator<string>;
