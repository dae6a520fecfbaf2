import { type DynamicModule, Module } from '@nestjs/common';
import { getDataSourceToken } from '@nestjs/typeorm';
import { AuditEvents } from './audit/audit-events.js';
import { EventLog } from './audit/event-log.js';
import { IdentifierHash } from './audit/identifier-hash.js';
import { OperatorChanges } from './audit/operator-changes.js';
import { AccessTokens } from './caller/access-token/access-tokens.js';
import { AssertionStrategy } from './caller/assertion/assertion.strategy.js';
import { Participants } from './backchannel-logout/participants.js';
import { BasicStrategy } from './caller/basic/basic.strategy.js';
import { BearerStrategy } from './caller/access-token/bearer.strategy.js';
import { Challenges } from './caller/challenges.js';
import { CallerAuthGuard } from './caller/caller-auth.guard.js';
import { ClientAssertionStrategy } from './caller/assertion/client-assertion.strategy.js';
import { IdentityProviders } from './caller/assertion/identity-providers.js';
import { RateLimitGuard } from './caller/rate-limit.guard.js';
import { CallerRateLimits } from './caller/rate-limits.js';
import { RemoteJwks } from './caller/keys/remote-jwks.js';
import { ScopeGuard } from './caller/scope.guard.js';
import { UsedAssertions } from './caller/assertion/used-assertions.js';
import { DatabaseDeadline } from './database/deadline.js';
import { REVOCATION_DATA_SOURCE } from './database/revocation-data-source.js';
import { RevocationMetadata } from './endpoint/revocation-metadata.js';
import { EndpointMiddleware } from './endpoint/endpoint.middleware.js';
import { EndpointRoute } from './http/endpoint-route.js';
import { RefusalFilter } from './endpoint/refusal.filter.js';
import { RevocationStates } from './endpoint/revocation-states.js';
import { WellKnownDocuments } from './endpoint/well-known-documents.js';
import { RevocationRequests } from './endpoint/revocation-request.js';
import { FeatureFlagGuard } from './feature-flags/feature-flag.guard.js';
import { FeatureFlags } from './feature-flags/feature-flags.service.js';
import {
  type ASYNC_OPTIONS_TYPE,
  ConfigurableModuleClass,
  type OPTIONS_TYPE,
} from './global-revocation.module-definition.js';
import { EndedSessions } from './inbound-logout/ended-sessions.js';
import { InboundLogout } from './inbound-logout/inbound-logout.js';
import { InboundLogoutDocs } from './inbound-logout/inbound-logout-docs.js';
import { AttemptCounts } from './notifications/attempt-counts.js';
import { Deliveries } from './notifications/deliveries.js';
import { DeliveryJob } from './notifications/delivery-job.js';
import { NotificationPost } from './notifications/notification-post.js';
import { NotificationSinks } from './notifications/notification-sinks.js';
import { Outbox } from './notifications/outbox.js';
import { GLOBAL_REVOCATION_OPTIONS, type ResolvedOptions } from './options/global-revocation.options.js';
import { RevocationListeners } from './revocation/revocation-listeners.js';
import { Realms } from './revocation/realms.js';
import { RevocationService } from './revocation/revocation.service.js';
import { RevocationTargets } from './revocation/targets/revocation-targets.js';
import { Sweeper } from './revocation/sweep/sweeper.js';
import { SubjectEpochs } from './revocation/subject-epochs.js';
import { ListStates } from './status-list/list-states.js';
import { StatusListEndpoint } from './status-list/status-list-endpoint.js';
import { StatusListSweep } from './status-list/status-list-sweep.js';
import { StatusListTokens } from './status-list/status-list-tokens.js';
import { StatusLists } from './status-list/status-lists.js';
import { OptionsScope } from './startup/scope-checks.js';
import { StartChecks } from './startup/start-checks.js';
import { FirstSignIns } from './subject/first-sign-ins.js';
import { UserLookupService } from './subject/user-lookup.service.js';

const databaseDeadline = {
  provide: DatabaseDeadline,
  useFactory: ({ databaseTimeoutMs, databaseQueue }: ResolvedOptions) =>
    new DatabaseDeadline(databaseTimeoutMs, databaseQueue),
  inject: [GLOBAL_REVOCATION_OPTIONS],
};

const NO_OPTIONS =
  'GlobalRevocationModule: the class itself has no options: import the object that forRoot({ … }) or ' +
  'forRootAsync({ … }) returned, the same one everywhere, or set `isGlobal: true` and import it once';

/** Replaced by the options of `forRoot` and `forRootAsync`. */
const noOptions = {
  provide: GLOBAL_REVOCATION_OPTIONS,
  useFactory: (): never => {
    throw new Error(NO_OPTIONS);
  },
};

/** Replaced by the data source that the option `dataSource` names. */
const dataSource = { provide: REVOCATION_DATA_SOURCE, useExisting: getDataSourceToken() };

/** The endpoint and its services, in the order in which a request passes them. @publicApi */
@Module({
  providers: [
    noOptions,
    dataSource,
    databaseDeadline,
    OptionsScope,
    StartChecks,
    AuditEvents,
    EventLog,
    OperatorChanges,
    EndpointRoute,
    EndpointMiddleware,
    RefusalFilter,
    UsedAssertions,
    BasicStrategy,
    AccessTokens,
    BearerStrategy,
    {
      provide: RemoteJwks,
      inject: [GLOBAL_REVOCATION_OPTIONS],
      useFactory: ({ remoteJwks }: ResolvedOptions) => new RemoteJwks(remoteJwks),
    },
    IdentityProviders,
    ClientAssertionStrategy,
    AssertionStrategy,
    Challenges,
    CallerRateLimits,
    CallerAuthGuard,
    FeatureFlags,
    FeatureFlagGuard,
    ScopeGuard,
    RateLimitGuard,
    RevocationRequests,
    IdentifierHash,
    UserLookupService,
    SubjectEpochs,
    FirstSignIns,
    RevocationTargets,
    RevocationListeners,
    NotificationPost,
    NotificationSinks,
    Outbox,
    RevocationService,
    Realms,
    AttemptCounts,
    Deliveries,
    RevocationStates,
    DeliveryJob,
    Participants,
    Sweeper,
    RevocationMetadata,
    WellKnownDocuments,
    EndedSessions,
    InboundLogout,
    InboundLogoutDocs,
    StatusLists,
    ListStates,
    StatusListTokens,
    StatusListEndpoint,
    StatusListSweep,
  ],
  exports: [
    GLOBAL_REVOCATION_OPTIONS,
    REVOCATION_DATA_SOURCE,
    DatabaseDeadline,
    StartChecks,
    EndpointRoute,
    AuditEvents,
    OperatorChanges,
    AccessTokens,
    BearerStrategy,
    RemoteJwks,
    UsedAssertions,
    CallerRateLimits,
    FeatureFlags,
    IdentifierHash,
    NotificationPost,
    Participants,
    AttemptCounts,
    Deliveries,
    Outbox,
    Sweeper,
    UserLookupService,
    SubjectEpochs,
    RevocationService,
    Realms,
    RevocationMetadata,
    StatusLists,
    EndedSessions,
    InboundLogoutDocs,
  ],
})
export class GlobalRevocationModule extends ConfigurableModuleClass {
  /**
   * Configures the module with given options.
   *
   * @param options {@link ResolvedOptions}, and also `path`, `version`, `isGlobal`, `controllerDecorators`, your
   *   implementations (`userDirectory`, `clientRegistry`, `featureFlagStore`, `providers`) and `imports` for them
   */
  static override forRoot(options: typeof OPTIONS_TYPE): DynamicModule {
    return super.forRoot(options);
  }

  /**
   * Configures the module with options from a factory or class. Options that shape the module (`path`, `providers` …)
   * go next to the factory, because they are needed before any provider exists.
   *
   * @param options `useFactory` and `inject`, `useClass` or `useExisting` (a class with the method `create`)
   */
  static override forRootAsync(options: typeof ASYNC_OPTIONS_TYPE): DynamicModule {
    return super.forRootAsync(options);
  }
}
