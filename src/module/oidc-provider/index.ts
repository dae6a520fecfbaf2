/**
 * The adapter for oidc-provider 9, whose records carry their user's epoch.
 *
 * @module nestjs-global-revocation/oidc-provider
 */
export { OidcRecord } from './oidc-record.entity.js';
export { OIDC_STORAGE_KEY, OidcRevocation } from './oidc-revocation.service.js';
export { type OidcAdapters } from './oidc-adapters.js';
export { OidcRecordAdapter } from './oidc-record.adapter.js';
export { RecordSweep } from './record-sweep.js';
export { orUnavailable } from './unavailable.js';
export { oidcProviderEntities, oidcProviderMigrations } from './entities.js';
export { inheritEpoch, runInEpochContext, epochContext } from './epoch-context.js';
export { bindRegistrationTokens } from './provider-hooks.js';
export type { StorageKey } from './sealer.js';
