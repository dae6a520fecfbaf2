export { type OidcAdapterOptions, type OidcAdapters, oidcAdapters } from './oidc-adapters.js';
export { OidcRecord } from './oidc-record.entity.js';
export { OidcRecordAdapter } from './oidc-record.adapter.js';
export { oidcProviderEntities, oidcProviderMigrations } from './entities.js';
export { pin, pinned, pins } from './pins.js';
export { RecordSweep } from './record-sweep.js';
export {
  advertise,
  bindRegistrationTokens,
  checkOnceMore,
  compareHashedSecrets,
  providerAccessTokens,
} from './provider-hooks.js';
