import type { DeepPartial, EntityTarget, ObjectLiteral } from 'typeorm';
import {
  type GlobalRevocationOptions,
  Revocation,
  RevocationService,
  type RevocationTarget,
  Sweeper,
} from '../../../src/module/index.js';
import type { TestDatabase } from '../../support/databases.js';
import { type NestHost, startNestHost } from '../../support/nest-host.js';
import { hostTables } from './host-tables.js';

/** A host whose tables are revocation targets. */
export class TargetHost {
  private constructor(private readonly host: NestHost) {}

  static async start(
    database: TestDatabase,
    targets: readonly RevocationTarget[],
    more: { options?: Partial<GlobalRevocationOptions>; databaseUrl?: string } = {},
  ): Promise<TargetHost> {
    const options = { ...more.options, targets };
    return new TargetHost(await startNestHost(database, { ...more, entities: hostTables, options }));
  }

  get app() {
    return this.host.app;
  }

  get dataSource() {
    return this.host.dataSource;
  }

  get databaseUrl() {
    return this.host.databaseUrl;
  }

  stop(): Promise<void> {
    return this.host.stop();
  }

  /** @returns id of the record */
  revoke(subject: string): Promise<string> {
    return this.app.get(RevocationService).revoke(subject, { actor: 'test' });
  }

  record(id: string): Promise<Revocation> {
    return this.dataSource.manager.findOneByOrFail(Revocation, { id });
  }

  sweep(graceMs?: number): Promise<void> {
    return this.app.get(Sweeper).sweep(graceMs);
  }

  async insert<T extends ObjectLiteral>(entity: EntityTarget<T>, rows: DeepPartial<T>[]): Promise<void> {
    const table = this.dataSource.getRepository(entity);
    for (let i = 0; i < rows.length; i += 500) await table.insert(rows.slice(i, i + 500) as never);
  }

  count<T extends ObjectLiteral>(entity: EntityTarget<T>, where: Partial<T> = {}): Promise<number> {
    return this.dataSource.getRepository(entity).countBy(where);
  }
}

/** So many rows. */
export const times = <T>(count: number, row: (n: number) => T): T[] => Array.from({ length: count }, (_, n) => row(n));
