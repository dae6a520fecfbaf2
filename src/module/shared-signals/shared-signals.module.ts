import type { DynamicModule, Provider } from '@nestjs/common';
import { SharedSignalsDocs } from './api-docs.js';
import { ConfigurationEndpoint } from './configuration-endpoint.js';
import { HeldEvents } from './held-events.js';
import { HeldExpiry } from './held-expiry.js';
import { ManagementApi } from './management-api.js';
import { OperatorStreams } from './operator-streams.js';
import { PollEndpoint } from './poll-endpoint.js';
import { Receivers } from './receiver.js';
import { ReceiverUsers } from './receiver-users.js';
import { SecurityEvents } from './security-events.js';
import { resolveSharedSignals, SHARED_SIGNALS_OPTIONS, type SharedSignalsOptions } from './shared-signals.options.js';
import { SharedSignals } from './shared-signals.js';
import { StatusEndpoint } from './status-endpoint.js';
import { StreamSecrets } from './stream-secrets.js';
import { StreamSubjects } from './stream-subjects.js';
import { Streams } from './streams.js';
import { SubjectEndpoints } from './subject-endpoints.js';
import { TransmitterMetadata } from './transmitter-metadata.js';
import { VerificationEndpoint } from './verification-endpoint.js';

type Imports = NonNullable<DynamicModule['imports']>;

/** Options of {@link SharedSignalsModule.forRootAsync}. @publicApi */
export interface SharedSignalsAsyncOptions {
  /** Modules that export what is injected, and `GlobalRevocationModule` unless it is global. @default [] */
  imports?: Imports;
  /** Injection tokens of the factory's parameters. @default [] */
  inject?: Array<string | symbol | (abstract new (...args: never[]) => unknown)>;
  useFactory: (...injected: never[]) => SharedSignalsOptions | Promise<SharedSignalsOptions>;
}

/**
 * Transmits revocations to receivers by Shared Signals, while the feature flag `SHARED_SIGNALS` is on. List {@link SharedSignals} in
 * `notifications.sinks`.
 *
 * @see OpenID.SSF §8
 * @publicApi
 */
export class SharedSignalsModule {
  /**
   * Configures the module.
   *
   * @param options {@link SharedSignalsOptions}, and `imports` with `GlobalRevocationModule` unless it is global
   * @throws Error that names every invalid option
   */
  static forRoot({ imports = [], ...options }: SharedSignalsOptions & { imports?: Imports }): DynamicModule {
    return moduleWith({ provide: SHARED_SIGNALS_OPTIONS, useValue: resolveSharedSignals(options) }, imports);
  }

  /** Like {@link forRoot}, with options from a factory. */
  static forRootAsync({ imports = [], inject = [], useFactory }: SharedSignalsAsyncOptions): DynamicModule {
    const options = async (...injected: never[]) => resolveSharedSignals(await useFactory(...injected));
    return moduleWith({ provide: SHARED_SIGNALS_OPTIONS, inject, useFactory: options }, imports);
  }
}

const moduleWith = (options: Provider, imports: Imports): DynamicModule => ({
  module: SharedSignalsModule,
  imports,
  providers: [
    ...[options, TransmitterMetadata, StreamSecrets, Streams, StreamSubjects, HeldEvents, HeldExpiry, ReceiverUsers],
    ...[SecurityEvents, SharedSignals, Receivers],
    ...[ConfigurationEndpoint, StatusEndpoint, VerificationEndpoint, SubjectEndpoints, PollEndpoint, ManagementApi],
    SharedSignalsDocs,
    OperatorStreams,
  ],
  exports: [SharedSignals, SharedSignalsDocs, OperatorStreams],
});
