import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { RevocationService } from '../../../src/module/revocation/revocation.service.js';
import type { ServerOptions } from '../../support/server.js';

type Override = NonNullable<ServerOptions['override']>;

/** The reference server, whose endpoint ends a user in another way: HTTP, checks and look-up of the user are the same. */
export const endingBy =
  (end: (subject: string) => Promise<unknown>, override: Override = (builder) => builder): Override =>
  (builder) =>
    override(builder)
      .overrideProvider(RevocationService)
      .useValue({
        async revoke(subject: string): Promise<string> {
          await end(subject);
          return randomUUID();
        },
      });

const BATCH = 500;

/** Inserts rows, many with each statement. */
export async function insertRows(
  dataSource: Pick<DataSource, 'query' | 'options'>,
  table: string,
  rows: unknown[][],
): Promise<void> {
  const isPostgres = dataSource.options.type === 'postgres';
  for (let at = 0; at < rows.length; at += BATCH) {
    const batch = rows.slice(at, at + BATCH);
    let place = 0;
    const mark = (): string => (isPostgres ? `$${(place += 1)}` : '?');
    const values = batch.map((row) => `(${row.map(mark).join(', ')})`).join(', ');
    await dataSource.query(`INSERT INTO ${table} VALUES ${values}`, batch.flat());
  }
}
