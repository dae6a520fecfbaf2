import type { Adapter } from 'oidc-provider';
import type { DataSource } from 'typeorm';
import type { ClientRegistry } from '../caller/clients/client-registry.js';
import type { DatabaseDeadline } from '../database/deadline.js';
import { sqlDialect } from '../database/sql-dialect.js';
import { BackchannelAdapter } from './backchannel.adapter.js';
import { ClientAdapter } from './client.adapter.js';
import { OidcRecord } from './oidc-record.entity.js';
import { OidcRecordAdapter } from './oidc-record.adapter.js';
import { type PreviousAdapter, PreviousRecords } from './previous-adapter.js';
import { INSERT_ONCE, upsertStatement } from './record-statements.js';
import { RecordStore } from './record-store.js';
import { ReplayAdapter } from './replay.adapter.js';
import { Sealer, type StorageKey } from '../database/sealer.js';
import type { Strangers } from './strangers.js';

/** Dependencies of the adapters. */
export interface OidcAdapterOptions {
  dataSource: DataSource;
  deadline: DatabaseDeadline;
  /** Source of oidc-provider's `Client` model. */
  clients: ClientRegistry;
  /** Encrypts the payloads. Keep it outside the database. */
  storageKey: StorageKey;
  /** Adapter whose records are adopted. */
  previousAdapter?: PreviousAdapter | undefined;
  /** Called with the model when a revoked credential is presented. */
  onRevokedUse?: (kind: string) => void;
  /** Limits what is stored before somebody signs in. @default no limit */
  strangers?: Strangers;
}

/** Creates the adapter of a model: oidc-provider's `adapter` option. @publicApi */
export type OidcAdapters = (model: string) => Adapter;

/**
 * @param Records adapter of all models except `Client`, `ReplayDetection` and, by default, CIBA requests
 * @throws Error if the entities of the adapter are not in the data source
 */
export function oidcAdapters(options: OidcAdapterOptions, Records = OidcRecordAdapter): OidcAdapters {
  if (!options.dataSource.hasMetadata(OidcRecord)) {
    throw new Error('the DataSource has no entity OidcRecord: add ...oidcProviderEntities to its `entities`');
  }
  const store = new RecordStore(options.dataSource, options.deadline);
  const sealer = new Sealer(options.storageKey);
  const upsertSql = upsertStatement(sqlDialect(options.dataSource));
  const { deadline, onRevokedUse, previousAdapter, strangers } = options;
  return (model) => {
    if (model === 'Client') return new ClientAdapter(options.clients, deadline);
    const previous = previousAdapter && new PreviousRecords(previousAdapter, deadline, model);
    if (model === 'ReplayDetection')
      return new ReplayAdapter(model, store, sealer, INSERT_ONCE, onRevokedUse, previous);
    if (model === 'BackchannelAuthenticationRequest' && Records === OidcRecordAdapter) {
      return new BackchannelAdapter(model, store, sealer, upsertSql, onRevokedUse, previous);
    }
    return new Records(model, store, sealer, upsertSql, onRevokedUse, previous, strangers);
  };
}
