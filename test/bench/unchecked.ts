import { getDataSourceToken } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { oidcAdapters } from '../../src/module/oidc-provider/oidc-adapters.js';
import { OidcRecordAdapter } from '../../src/module/oidc-provider/oidc-record.adapter.js';
import { LIVE_BY_ID } from '../../src/module/oidc-provider/record-statements.js';
import type { RecordStore } from '../../src/module/oidc-provider/record-store.js';
import { ClientRegistry } from '../../src/module/caller/clients/client-registry.js';
import { DatabaseDeadline } from '../../src/module/database/deadline.js';
import { OIDC_ADAPTERS, OP_OPTIONS, type OpOptions } from '../../src/reference-op/op/op.options.js';
import type { ServerOptions } from '../support/server.js';

/** `shipped`: the query of a record compares the epoch. `unchecked`: what an adapter does that knows nothing of epochs. */
export const variants = ['shipped', 'unchecked'] as const;
export type Variant = (typeof variants)[number];

/** The statement without the epoch. */
export const withoutEpoch = (sql: string): string => sql.replace(/CASE WHEN [^]*? END AS "isLive"/, '1 AS "isLive"');

const records = (statement: string): typeof OidcRecordAdapter =>
  class extends OidcRecordAdapter {
    constructor(...[kind, store, ...rest]: ConstructorParameters<typeof OidcRecordAdapter>) {
      super(kind, withStatement(store, statement), ...rest);
    }
  };

/** The store, which runs this statement instead of the one that loads a live record by its id. */
const withStatement = (store: RecordStore, statement: string): RecordStore =>
  Object.assign(Object.create(store) as RecordStore, {
    rows: (sql: string, parameters: unknown[]) => store.rows(sql === LIVE_BY_ID ? statement : sql, parameters),
  });

/** How a server of this variant is made. */
export const overrideFor = (variant: Variant): Pick<ServerOptions, 'override'> =>
  variant === 'shipped'
    ? {}
    : {
        override: (builder) =>
          builder.overrideProvider(OIDC_ADAPTERS).useFactory({
            factory: (
              { storageKey }: OpOptions,
              dataSource: DataSource,
              deadline: DatabaseDeadline,
              clients: ClientRegistry,
            ) => oidcAdapters({ dataSource, deadline, clients, storageKey }, records(withoutEpoch(LIVE_BY_ID))),
            inject: [OP_OPTIONS, getDataSourceToken(), DatabaseDeadline, ClientRegistry],
          }),
      };
