import type { DataSource } from 'typeorm';
import { oidcAdapters } from '../../src/module/oidc-provider/oidc-adapters.js';
import { OidcRecordAdapter } from '../../src/module/oidc-provider/oidc-record.adapter.js';
import { liveByIds } from '../../src/module/oidc-provider/record-statements.js';
import { RecordStore } from '../../src/module/oidc-provider/record-store.js';
import { DatabaseDeadline } from '../../src/module/database/deadline.js';
import { withAdapters } from '../support/adapters.js';
import type { ServerOptions } from '../support/server.js';

/** `shipped`: the query of a record compares the epoch. `unchecked`: what an adapter does that knows nothing of epochs. */
export const variants = ['shipped', 'unchecked'] as const;
export type Variant = (typeof variants)[number];

/** The statement without the epoch. */
export const withoutEpoch = (sql: string): string => sql.replace(/CASE WHEN [^]*? END AS "isLive"/, '1 AS "isLive"');

const recordsIn = (store: RecordStore): typeof OidcRecordAdapter =>
  class extends OidcRecordAdapter {
    constructor(...[kind, , ...rest]: ConstructorParameters<typeof OidcRecordAdapter>) {
      super(kind, store, ...rest);
    }
  };

const storeWithoutEpochs = (dataSource: DataSource, deadline: DatabaseDeadline): RecordStore =>
  new RecordStore(dataSource, deadline, (ids) => withoutEpoch(liveByIds(ids)));

/** How a server of this variant is made. */
export const overrideFor = (variant: Variant): Pick<ServerOptions, 'override'> =>
  variant === 'shipped'
    ? {}
    : {
        override: withAdapters((options) =>
          oidcAdapters(options, recordsIn(storeWithoutEpochs(options.dataSource, options.deadline))),
        ),
      };
