import { Inject, Injectable, Logger, type OnApplicationBootstrap, Optional } from '@nestjs/common';
import type Provider from 'oidc-provider';
import type { Configuration } from 'oidc-provider';
import type { DataSource } from 'typeorm';
import { AuditEvents } from '../audit/audit-events.js';
import { revokedUseEvent } from '../audit/revoked-use-event.js';
import { AccessTokens } from '../caller/access-token/access-tokens.js';
import { BackchannelLogout } from '../backchannel-logout/backchannel-logout.js';
import { Participants } from '../backchannel-logout/participants.js';
import { ClientRegistry } from '../caller/clients/client-registry.js';
import { CallerRateLimits } from '../caller/rate-limits.js';
import { UsedAssertions } from '../caller/assertion/used-assertions.js';
import { DatabaseDeadline } from '../database/deadline.js';
import { REVOCATION_DATA_SOURCE } from '../database/revocation-data-source.js';
import { RevocationMetadata } from '../endpoint/revocation-metadata.js';
import { EndedSessions } from '../inbound-logout/ended-sessions.js';
import { GLOBAL_REVOCATION_OPTIONS, type ResolvedOptions } from '../options/global-revocation.options.js';
import { SubjectEpochs } from '../revocation/subject-epochs.js';
import { Realms } from '../revocation/realms.js';
import type { UpstreamSession } from '../revocation/upstream-session.js';
import { Sweeper } from '../revocation/sweep/sweeper.js';
import { StatusLists } from '../status-list/status-lists.js';
import { type ClientAssertionCheck, useClientAssertions } from './client-assertions.js';
import { EndedSessionSweep } from './ended-session-sweep.js';
import { type OidcAdapters, oidcAdapters } from './oidc-adapters.js';
import { inheritEpoch, requestUnderWay } from './epoch-context.js';
import { statusInJwts } from './jwt-status.js';
import { OIDC_PREVIOUS_ADAPTER, type PreviousAdapter } from './previous-adapter.js';
import { expectRevocable, hasUnboundTokens } from './provider-checks.js';
import { connectProvider, hasPassedHooks } from './provider-hooks.js';
import { rememberingParticipants } from './remembered-participants.js';
import { RecordSweep } from './record-sweep.js';
import type { StorageKey } from '../database/sealer.js';
import { Strangers } from './strangers.js';
import { orUnavailable } from './unavailable.js';

/**
 * Injection token of the {@link StorageKey}: 32 bytes that encrypt the payloads of records. Keep it outside of the
 * database. For a rotation, provide a list: the first key encrypts, all keys decrypt. Put a new key second until every
 * node has it.
 *
 * @publicApi
 */
export const OIDC_STORAGE_KEY = Symbol('OIDC_STORAGE_KEY');

const CONNECT = 'call connect(provider) with the provider that has the adapter, before its callback()';

/** Models that only the routes of a provider save. */
const OF_PROVIDERS = ['AuthorizationCode', 'DeviceCode', 'RefreshToken'];

/**
 * Origin of a user who signs in. `issuer` and `sid` of an {@link UpstreamSession} matter for identity providers with
 * `logoutEnds: 'session'`.
 *
 * @publicApi
 */
export type SignInOrigin = (UpstreamSession | { issuer?: undefined; sid?: undefined }) & {
  /** Realm of the user, such as a tenant. See {@link Realms.epochForSignIn}. @default unchanged */
  realm?: string;
};

/**
 * Makes your oidc-provider revocable. Provide it and {@link OIDC_STORAGE_KEY} in the module that creates the
 * `Provider`; that module must import `GlobalRevocationModule`, unless it is global. Mount {@link epochContext} before
 * the provider.
 *
 * @publicApi
 */
@Injectable()
export class OidcRevocation implements OnApplicationBootstrap {
  /**
   * oidc-provider's option of the same name, for clients with `private_key_jwt`: an assertion is valid once, at either
   * the provider or the revocation endpoint.
   *
   * @see RFC 7523 §3
   */
  readonly assertJwtClientAuthClaimsAndHeader: ClientAssertionCheck;
  /**
   * oidc-provider's option of the same name: JWT access tokens refer to a status list, in which APIs see that a token has ended. Set
   * it together with the option `statusLists` of the module; opaque tokens are not affected.
   *
   * @see draft-ietf-oauth-status-list §6.1
   */
  readonly formats: NonNullable<Configuration['formats']>;
  private readonly adapters: OidcAdapters;
  private readonly logger = new Logger(OidcRevocation.name);
  private isAsked = false;
  /** @internal */
  readonly connected: Provider[] = [];
  private isStrangerKnown = false;

  constructor(
    @Inject(OIDC_STORAGE_KEY) storageKey: StorageKey,
    @Inject(REVOCATION_DATA_SOURCE) dataSource: DataSource,
    @Inject(DatabaseDeadline) deadline: DatabaseDeadline,
    @Inject(ClientRegistry) clients: ClientRegistry,
    @Inject(Sweeper) sweeper: Sweeper,
    @Inject(AuditEvents) events: AuditEvents,
    @Inject(SubjectEpochs) private readonly epochs: SubjectEpochs,
    @Inject(EndedSessions) private readonly sessions: EndedSessions,
    @Inject(Realms) private readonly realms: Realms,
    @Inject(RevocationMetadata) private readonly metadata: RevocationMetadata,
    @Inject(AccessTokens) private readonly accessTokens: AccessTokens,
    @Inject(UsedAssertions) usedAssertions: UsedAssertions,
    @Inject(CallerRateLimits) rateLimits: CallerRateLimits,
    @Inject(StatusLists) statusLists: StatusLists,
    @Inject(GLOBAL_REVOCATION_OPTIONS)
    private readonly options: Pick<
      ResolvedOptions,
      'issuer' | 'metadata' | 'statusLists' | 'notifications' | 'endedSessionRetentionDays'
    >,
    @Inject(Participants) participants: Participants,
    @Optional() @Inject(OIDC_PREVIOUS_ADAPTER) previousAdapter?: PreviousAdapter,
  ) {
    this.assertJwtClientAuthClaimsAndHeader = useClientAssertions(usedAssertions);
    this.formats = statusInJwts(statusLists, options.statusLists?.tokenLifetimeSeconds);
    sweeper.add(new RecordSweep(dataSource));
    sweeper.add(new EndedSessionSweep(dataSource, options.endedSessionRetentionDays));
    const onRevokedUse = (kind: string): void => events.emit(revokedUseEvent(kind, requestUnderWay()));
    const strangers = new Strangers(rateLimits);
    const given = { dataSource, deadline, clients, storageKey, previousAdapter };
    const adapters = oidcAdapters({ ...given, onRevokedUse, strangers });
    const isTelling = options.notifications.sinks.includes(BackchannelLogout);
    this.adapters = isTelling
      ? rememberingParticipants(adapters, participants, previousAdapter !== undefined)
      : adapters;
  }

  /** oidc-provider's `adapter` option. */
  get adapter(): OidcAdapters {
    this.isAsked = true;
    return (model) => this.watched(model);
  }

  /** Warns if the adapter is in use but no provider is connected. */
  onApplicationBootstrap(): void {
    if (this.connected.some(hasUnboundTokens)) {
      const finding =
        'the provider registers clients with tokens that name no account, so no revocation ends these tokens';
      this.logger.warn(`${finding}: call bindRegistrationTokens(provider)`);
    }
    if (!this.isAsked || this.connected.length > 0) return;
    this.logger.warn(`the adapter is in use, but no provider is connected: ${CONNECT}`);
  }

  /** The adapter of a model. Warns once when a provider that is not connected saves what only providers save. */
  private watched(model: string): ReturnType<OidcAdapters> {
    const adapter = this.adapters(model);
    if (!OF_PROVIDERS.includes(model)) return adapter;
    const upsert = adapter.upsert.bind(adapter);
    adapter.upsert = (...record) => {
      const request = requestUnderWay();
      if (request && !hasPassedHooks(request) && !this.isStrangerKnown) {
        this.isStrangerKnown = true;
        this.logger.warn(`a provider that is not connected has saved ${model} with the adapter: ${CONNECT}`);
      }
      return upsert(...record);
    };
    return adapter;
  }

  /**
   * Connects a provider that uses {@link adapter}. Call it before `callback()`. It adds hashed client secrets, 503 if
   * the database does not answer, members of both discovery documents, a last epoch check before tokens leave, and the
   * provider's access tokens as caller credentials.
   *
   * @returns the same provider
   * @throws Error if the provider does not use {@link adapter}, has another issuer than the module, has
   *   `devInteractions` enabled, or has its discovery documents hidden by the option `metadata`
   */
  connect(provider: Provider): Provider {
    expectRevocable(provider, this.options);
    this.connected.push(provider);
    const { epochs, sessions, metadata, accessTokens } = this;
    return connectProvider(provider, { epochs, sessions, metadata, accessTokens });
  }

  /**
   * Stores the epoch for a sign-in in the epoch context, **before** the first factor is checked. New credentials
   * inherit it.
   *
   * @param subject canonical account id (`sub`), not the typed user name
   * @param origin realm of the user, and the session at the identity provider in which the user signs in
   * @throws errors.OIDCProviderError 503 if the database does not answer: nobody can sign in
   * @throws TypeError if a part of `origin` is invalid
   */
  async epochForSignIn(subject: string, { realm, issuer, sid }: SignInOrigin = {}): Promise<void> {
    const upstream = issuer === undefined && sid === undefined ? undefined : { issuer: issuer!, sid: sid! };
    const epoch =
      realm === undefined ? this.epochs.epochForSignIn(subject) : this.realms.epochForSignIn(subject, realm);
    inheritEpoch(subject, await orUnavailable(epoch), upstream);
  }
}
