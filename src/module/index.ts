/**
 * The NestJS module with the endpoint, its ports and services.
 *
 * @module nestjs-global-revocation
 */

// Add the module to an application: the module, its options, its tables.
export { GlobalRevocationModule } from './global-revocation.module.js';
export type { PortProvider } from './global-revocation.module-ports.js';
export {
  GLOBAL_REVOCATION_OPTIONS,
  GLOBAL_REVOCATION_SCOPE,
  type GlobalRevocationOptions,
  type ResolvedOptions,
  resolveOptions,
} from './options/global-revocation.options.js';
export { type AuditOptions } from './options/audit.options.js';
export { type DatabaseOptions } from './options/database.options.js';
export { type EndpointOptions } from './options/endpoint.options.js';
export { type MetadataOptions, type ServedMetadata, type ServerMetadata } from './options/metadata.options.js';
export { type NotificationOptions, type Notifications } from './options/notifications.options.js';
export { type RateLimit, type RateLimitOptions, type RateLimits } from './options/rate-limits.options.js';
export {
  type StatusListOptions,
  type StatusListSettings,
  type StatusListSigner,
} from './options/status-lists.options.js';
export { type StartupOptions } from './options/startup.options.js';
export { type SweepOptions } from './options/sweep.options.js';
export { coreEntities, coreMigrations } from './entities.js';
export { REVOCATION_DATA_SOURCE } from './database/revocation-data-source.js';
export { migrate, pendingMigrations } from './database/migrate.js';

// Say whose tokens end: the host's users, and what a subject identifier names.
export {
  type UserCondition,
  type UserConditions,
  type UserMapping,
  type UserOptions,
  type UserSource,
} from './options/users.options.js';
export { type CandidateRange, type UserCandidate, UserDirectory } from './subject/user-directory.js';
export { TypeOrmUserDirectory } from './subject/typeorm-user-directory.js';
export { type FoundSubject, UserLookupService } from './subject/user-lookup.service.js';
export { type UserIdentifier } from './subject/user-identifier.js';
export { type SubjectIdentifier } from './subject/subject-identifier.js';
export { type EmailCase } from './subject/formats/identifier-format.js';
export { type Rfc9493Format } from './subject/formats/identifier-formats.js';
export { canonicalEmail } from './subject/formats/email.js';

// Say who may call: clients, their credentials, identity providers, restrictions.
export { Client } from './caller/clients/client.entity.js';
export {
  type AuthenticatedClient,
  ClientRegistry,
  type RefusedClient,
  type RegisteredClient,
} from './caller/clients/client-registry.js';
export { TypeOrmClientRegistry } from './caller/clients/typeorm-client-registry.js';
export { AccessTokens } from './caller/access-token/access-tokens.js';
export { type AccessTokenLookup, type IssuedToken } from './caller/access-token/issued-token.js';
export { type AccessTokenOptions, type JwtAccessTokens, type MutualTls } from './options/access-tokens.options.js';
export {
  type IdentityProvider,
  identityProviderFindings,
  type IdentityProviderKeys,
  type IdentityProviderOptions,
} from './options/identity-providers.options.js';
export { ASSERTION_ALGORITHMS, type PublicKeyOptions, type RemoteJwksOptions } from './options/public-keys.options.js';
export { DPOP_ALGORITHMS } from './caller/access-token/dpop-proof.js';
export { RemoteJwks } from './caller/keys/remote-jwks.js';
export { type CallerRestrictions } from './options/caller-restrictions.options.js';

// Revoke, compare epochs, and end what is the host's own.
export { RevocationService } from './revocation/revocation.service.js';
export type { RealmRevocationContext, RevocationContext } from './revocation/revocation-context.js';
export { Revocation } from './revocation/revocation.entity.js';
export { SubjectEpochs, type WithoutEpoch } from './revocation/subject-epochs.js';
export { Realms } from './revocation/realms.js';
export { SubjectEpoch } from './revocation/subject-epoch.entity.js';
export { StatusLists, type StatusReference } from './status-list/status-lists.js';
export { jwksSigner } from './status-list/jwks-signer.js';
export { type RevocationEvent, type RevocationListener } from './options/revocation-listener.js';
export {
  DeliveryError,
  type Notification,
  type NotificationSink,
  type NotifiedRevocation,
  type Recipient,
  type RecipientPage,
  type SendResult,
} from './options/notification-sink.js';
export { type PostContent } from './caller/keys/guarded-request.js';
export { NotificationPost, type PostOptions } from './notifications/notification-post.js';
export { BackchannelLogout } from './backchannel-logout/backchannel-logout.js';
export { type NewParticipant, Participants } from './backchannel-logout/participants.js';
export { type LogoutRecipient, type LogoutSubject, RelyingParties } from './backchannel-logout/relying-parties.js';
export { type EndedValue, type RevocationTarget, type TargetOptions } from './options/targets.options.js';
export { Sweeper } from './revocation/sweep/sweeper.js';
export {
  type LiveCounts,
  type SweepBacklog,
  type SweepBatch,
  type SweepTarget,
} from './revocation/sweep/revocation-sweep.js';

// Replace a step of the request, or use it on another route.
export { CallerAuthGuard } from './caller/caller-auth.guard.js';
export { FeatureFlagGuard } from './feature-flags/feature-flag.guard.js';
export { ScopeGuard } from './caller/scope.guard.js';
export { RateLimitGuard } from './caller/rate-limit.guard.js';
export { RefusalFilter } from './endpoint/refusal.filter.js';
export { callerOf } from './audit/request-context.js';
export { type Caller, type CallerAssertion } from './caller/caller.js';
export { type RefusalOptions, type RefusalReason, RevocationError } from './revocation.errors.js';
export { EndpointRoute } from './http/endpoint-route.js';
export { type RevocationClaims, RevocationMetadata } from './endpoint/revocation-metadata.js';
export { API_SECURITY } from './endpoint/api-docs.js';
export { InboundLogoutDocs, type LogoutApiDocument } from './inbound-logout/inbound-logout-docs.js';

// Switch the endpoint on and off.
export { FeatureFlags, type FeatureFlagState } from './feature-flags/feature-flags.service.js';
export { FEATURE_FLAGS, type FeatureFlagName } from './options/endpoint.options.js';
export { FeatureFlag } from './feature-flags/feature-flag.entity.js';
export { FeatureFlagStore } from './feature-flags/feature-flag.store.js';
export { TypeOrmFeatureFlagStore } from './feature-flags/typeorm-feature-flag.store.js';

// Watch it: events, log fields, the checks at start.
export { type AuditEvent, type EventReason } from './audit/audit-event.js';
export { AuditEvents, type AuditListener } from './audit/audit-events.js';
export { IdentifierHash } from './audit/identifier-hash.js';
export { RequestContext } from './audit/request-context.js';
export { answerFields, requestEvent } from './audit/request-event.js';
export { safeError } from './audit/safe-error.js';
export { StartChecks } from './startup/start-checks.js';
export type { Finding } from './startup/finding.js';

// Build the server around it: the same database and HTTP rules for its other routes, on Express and Fastify.
export { DatabaseDeadline } from './database/deadline.js';
export { patiently } from './database/retry.js';
export { inTransaction, onPrimary, probeWrite } from './database/primary.js';
export { clockLead } from './database/clock.js';
export { isDriverError } from './database/driver-errors.js';
export { gateSqlite } from './database/sqlite-gate.js';
export { networkOf } from './caller/rate-limits.js';
export { requestPath, requestQuery } from './http/request-target.js';
export { type AdapterRequest, type AdapterResponse, headerValues, nodeRequest, takeOver } from './http/http-adapter.js';
