import { Inject, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type Provider from 'oidc-provider';
import type { DataSource } from 'typeorm';
import { AuditEvents } from '../audit/audit-events.js';
import { revokedUseEvent } from '../audit/revoked-use-event.js';
import { AccessTokens } from '../caller/access-token/access-tokens.js';
import { ClientRegistry } from '../caller/clients/client-registry.js';
import { UsedAssertions } from '../caller/assertion/used-assertions.js';
import { DatabaseDeadline } from '../database/deadline.js';
import { RevocationMetadata } from '../endpoint/revocation-metadata.js';
import { GLOBAL_REVOCATION_OPTIONS, type ResolvedOptions } from '../options/global-revocation.options.js';
import { SubjectEpochs } from '../revocation/subject-epochs.js';
import { Sweeper } from '../revocation/sweep/sweeper.js';
import { type ClientAssertionCheck, useClientAssertions } from './client-assertions.js';
import { type OidcAdapters, oidcAdapters } from './oidc-adapters.js';
import { inheritEpoch, requestUnderWay } from './epoch-context.js';
import { expectRevocable } from './provider-checks.js';
import { connectProvider } from './provider-hooks.js';
import { RecordSweep } from './record-sweep.js';
import type { StorageKey } from './sealer.js';
import { orUnavailable } from './unavailable.js';

/**
 * Injection token of the 32 bytes that seal the payloads of records, a {@link StorageKey}. Keep them outside of the database. To
 * replace them, provide a list: the first seals, all open. A new key comes second until every node knows it.
 *
 * @publicApi
 */
export const OIDC_STORAGE_KEY = Symbol('OIDC_STORAGE_KEY');

/**
 * Makes a host's oidc-provider revocable. Provide it, and {@link OIDC_STORAGE_KEY}, in the module that makes the `Provider`;
 * that module imports `GlobalRevocationModule`, or it is global. Before the provider's own middleware runs {@link epochContext}.
 *
 * @publicApi
 */
@Injectable()
export class OidcRevocation implements OnApplicationBootstrap {
  /**
   * oidc-provider's option of that name, for clients with `private_key_jwt`: an assertion that was shown to the provider is good
   * for no revocation, nor the other way round.
   *
   * @see RFC 7523 §3
   */
  readonly assertJwtClientAuthClaimsAndHeader: ClientAssertionCheck;
  private readonly adapters: OidcAdapters;
  private readonly logger = new Logger(OidcRevocation.name);
  private isAsked = false;
  private isConnected = false;

  constructor(
    @Inject(OIDC_STORAGE_KEY) storageKey: StorageKey,
    @InjectDataSource() dataSource: DataSource,
    @Inject(DatabaseDeadline) deadline: DatabaseDeadline,
    @Inject(ClientRegistry) clients: ClientRegistry,
    @Inject(Sweeper) sweeper: Sweeper,
    @Inject(AuditEvents) events: AuditEvents,
    @Inject(SubjectEpochs) private readonly epochs: SubjectEpochs,
    @Inject(RevocationMetadata) private readonly metadata: RevocationMetadata,
    @Inject(AccessTokens) private readonly accessTokens: AccessTokens,
    @Inject(UsedAssertions) usedAssertions: UsedAssertions,
    @Inject(GLOBAL_REVOCATION_OPTIONS) private readonly options: Pick<ResolvedOptions, 'issuer'>,
  ) {
    this.assertJwtClientAuthClaimsAndHeader = useClientAssertions(usedAssertions);
    sweeper.add(new RecordSweep(dataSource));
    const onRevokedUse = (kind: string): void => events.emit(revokedUseEvent(kind, requestUnderWay()));
    this.adapters = oidcAdapters({ dataSource, deadline, clients, storageKey, onRevokedUse });
  }

  /** oidc-provider's `adapter` option. */
  get adapter(): OidcAdapters {
    this.isAsked = true;
    return this.adapters;
  }

  /** Warns when a provider was made, and not connected. */
  onApplicationBootstrap(): void {
    if (!this.isAsked || this.isConnected) return;
    const fix = 'call connect(provider) with the provider that has the adapter, before its callback()';
    this.logger.warn(`the adapter is in use, and no provider is connected: ${fix}`);
  }

  /**
   * Connects a provider that was made with {@link adapter}, before its `callback()` is called: hashed client secrets, 503
   * when the database does not answer, both discovery documents, the last look before tokens leave, and its access tokens as
   * callers' credentials.
   *
   * @returns the same provider
   * @throws Error when what it hands out could not end: it was made without {@link adapter}, its issuer is not that of the
   *   module, or its `devInteractions` are on
   */
  connect(provider: Provider): Provider {
    expectRevocable(provider, this.options.issuer);
    this.isConnected = true;
    const { epochs, metadata, accessTokens } = this;
    return connectProvider(provider, { epochs, metadata, accessTokens });
  }

  /**
   * Gets the epoch of a person who signs in, **before** the first factor is checked: what comes of this sign-in carries it.
   *
   * @param subject canonical account id (`sub`), not what was typed
   * @throws errors.OIDCProviderError 503 when the database does not answer: nobody can sign in
   */
  async epochForSignIn(subject: string): Promise<void> {
    inheritEpoch(subject, await orUnavailable(this.epochs.epochForSignIn(subject)));
  }
}
