import { getDataSourceToken } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { ClientRegistry } from '../../src/module/caller/clients/client-registry.js';
import { DatabaseDeadline } from '../../src/module/database/deadline.js';
import type { OidcAdapterOptions, OidcAdapters } from '../../src/module/oidc-provider/oidc-adapters.js';
import { SubjectEpochs } from '../../src/module/revocation/subject-epochs.js';
import { OIDC_ADAPTERS, OP_OPTIONS, type OpOptions } from '../../src/reference-op/op/op.options.js';
import type { ServerOptions } from './server.js';

type Override = NonNullable<ServerOptions['override']>;

/** Replaces the adapters of a server. @param make gets what the real ones are made of */
export const withAdapters =
  (make: (options: OidcAdapterOptions, epochs: SubjectEpochs) => OidcAdapters): Override =>
  (builder) =>
    builder.overrideProvider(OIDC_ADAPTERS).useFactory({
      factory: (
        { storageKey }: OpOptions,
        dataSource: DataSource,
        deadline: DatabaseDeadline,
        clients: ClientRegistry,
        epochs: SubjectEpochs,
      ) => make({ dataSource, deadline, clients, storageKey }, epochs),
      inject: [OP_OPTIONS, getDataSourceToken(), DatabaseDeadline, ClientRegistry, SubjectEpochs],
    });
