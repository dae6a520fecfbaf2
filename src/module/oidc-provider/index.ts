/**
 * Adapter for oidc-provider 9. Its records carry the epoch of their user.
 *
 * @module nestjs-global-revocation/oidc-provider
 */

// Store what oidc-provider keeps.
export { OidcRevocation, OIDC_STORAGE_KEY, type SignInOrigin } from './oidc-revocation.service.js';
export { OIDC_PREVIOUS_ADAPTER, type PreviousAdapter } from './previous-adapter.js';
export { ProviderRelyingParties } from './provider-relying-parties.js';
export type { StorageKey } from '../database/sealer.js';
export { oidcProviderEntities, oidcProviderMigrations } from './entities.js';
export { type OidcAdapters } from './oidc-adapters.js';
export { OidcRecordAdapter } from './oidc-record.adapter.js';
export { orUnavailable } from './unavailable.js';

// Let new credentials inherit the epoch.
export type { UpstreamSession } from '../revocation/upstream-session.js';
export { epochContext, epochToInherit, inheritEpoch, runInEpochContext } from './epoch-context.js';
export { bindRegistrationTokens } from './provider-hooks.js';
