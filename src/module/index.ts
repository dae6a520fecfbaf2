/**
 * The NestJS module with the endpoint, its ports and services.
 *
 * @module nestjs-global-revocation
 */
export { type AuditEvent, type EventReason } from './audit/audit-event.js';
export { AuditEvents, type AuditListener } from './audit/audit-events.js';
export { IdentifierHash } from './audit/identifier-hash.js';
export { Client } from './caller/clients/client.entity.js';
export { type Caller, type CallerAssertion } from './caller/caller.js';
export { callerOf } from './audit/request-context.js';
export { type AccessTokenOptions, type JwtAccessTokens, type MutualTls } from './options/access-tokens.options.js';
export { type CallerRestrictions } from './options/caller-restrictions.options.js';
export {
  type IdentityProvider,
  type IdentityProviderKeys,
  type IdentityProviderOptions,
} from './options/identity-providers.options.js';
export { type PublicKeyOptions, type RemoteJwksOptions } from './options/public-keys.options.js';
export { AccessTokens } from './caller/access-token/access-tokens.js';
export { CallerAuthGuard } from './caller/caller-auth.guard.js';
export {
  type AuthenticatedClient,
  ClientRegistry,
  type RefusedClient,
  type RegisteredClient,
} from './caller/clients/client-registry.js';
export { type AccessTokenLookup, type IssuedToken } from './caller/access-token/issued-token.js';
export { RateLimitGuard } from './caller/rate-limit.guard.js';
export { RemoteJwks } from './caller/keys/remote-jwks.js';
export { ScopeGuard } from './caller/scope.guard.js';
export { TypeOrmClientRegistry } from './caller/clients/typeorm-client-registry.js';
export { gateSqlite } from './database/sqlite-gate.js';
export { type RevocationClaims, RevocationMetadata } from './endpoint/revocation-metadata.js';
export { coreEntities, coreMigrations } from './entities.js';
export { EndpointRoute } from './http/endpoint-route.js';
export { RefusalFilter } from './endpoint/refusal.filter.js';
export { FeatureFlag } from './feature-flags/feature-flag.entity.js';
export { FeatureFlagGuard } from './feature-flags/feature-flag.guard.js';
export { FeatureFlagStore } from './feature-flags/feature-flag.store.js';
export { FeatureFlags, type FeatureFlagState } from './feature-flags/feature-flags.service.js';
export { TypeOrmFeatureFlagStore } from './feature-flags/typeorm-feature-flag.store.js';
export type { PortProvider } from './global-revocation.module-ports.js';
export { GlobalRevocationModule } from './global-revocation.module.js';
export { type AuditOptions } from './options/audit.options.js';
export { type DatabaseOptions } from './options/database.options.js';
export { type EndpointOptions, FEATURE_FLAGS, type FeatureFlagName } from './options/endpoint.options.js';
export {
  GLOBAL_REVOCATION_OPTIONS,
  GLOBAL_REVOCATION_SCOPE,
  type GlobalRevocationOptions,
  type ResolvedOptions,
  resolveOptions,
} from './options/global-revocation.options.js';
export { type RateLimit, type RateLimitOptions, type RateLimits } from './options/rate-limits.options.js';
export { type StartupOptions } from './options/startup.options.js';
export { type SweepOptions } from './options/sweep.options.js';
export { type EndedValue, type RevocationTarget, type TargetOptions } from './options/targets.options.js';
export { type RevocationEvent, type RevocationListener } from './options/revocation-listener.js';
export { type RefusalOptions, type RefusalReason, RevocationError } from './revocation.errors.js';
export { Revocation } from './revocation/revocation.entity.js';
export { type RevocationContext, RevocationService } from './revocation/revocation.service.js';
export type { Finding } from './startup/finding.js';
export { StartChecks } from './startup/start-checks.js';
export { SubjectEpoch } from './revocation/subject-epoch.entity.js';
export {
  type LiveCounts,
  type SweepBacklog,
  type SweepBatch,
  type SweepTarget,
} from './revocation/sweep/revocation-sweep.js';
export { Sweeper } from './revocation/sweep/sweeper.js';
export { SubjectEpochs } from './revocation/subject-epochs.js';
export { type FoundSubject, UserLookupService } from './subject/user-lookup.service.js';
export { type EmailCase } from './subject/formats/identifier-format.js';
export { type Rfc9493Format } from './subject/formats/identifier-formats.js';
export { parseSubjectIdentifier, type SubjectIdentifier, type SupportedFormats } from './subject/subject-identifier.js';
export { TypeOrmUserDirectory } from './subject/typeorm-user-directory.js';
export { type CandidateRange, type UserCandidate, UserDirectory } from './subject/user-directory.js';
export { type UserIdentifier } from './subject/user-identifier.js';
export {
  type UserCondition,
  type UserConditions,
  type UserMapping,
  type UserOptions,
  type UserSource,
} from './options/users.options.js';

// For the server around the endpoint: logs, health checks, and what works alike on Express and Fastify.
export { answerFields, requestEvent } from './audit/request-event.js';
export { RequestContext } from './audit/request-context.js';
export { safeError } from './audit/safe-error.js';
export { DPOP_ALGORITHMS } from './caller/access-token/dpop-proof.js';
export { identityProviderFindings } from './options/identity-providers.options.js';
export { ASSERTION_ALGORITHMS } from './options/public-keys.options.js';
export { networkOf } from './caller/rate-limits.js';
export { DatabaseDeadline } from './database/deadline.js';
export { migrate, pendingMigrations } from './database/migrate.js';
export { patiently } from './database/retry.js';
export { onPrimary, probeWrite } from './database/primary.js';
export { isDriverError } from './database/driver-errors.js';
export { API_SECURITY } from './endpoint/api-docs.js';
export { type AdapterRequest, type AdapterResponse, headerValues, nodeRequest, takeOver } from './http/http-adapter.js';
export { canonicalEmail } from './subject/formats/email.js';
