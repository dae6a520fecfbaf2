/**
 * Shared Signals: tells receivers about revocations with security event tokens.
 *
 * @module nestjs-global-revocation/shared-signals
 */
export { type OpenApiDocument, SharedSignalsDocs } from './api-docs.js';
export { sharedSignalsEntities, sharedSignalsMigrations } from './entities.js';
export { type ListedStream, type OperatorStream, OperatorStreams } from './operator-streams.js';
export { SHARED_SIGNALS_SCOPES } from './receiver.js';
export { SharedSignals } from './shared-signals.js';
export { type SharedSignalsAsyncOptions, SharedSignalsModule } from './shared-signals.module.js';
export type { Stream, StreamStatus } from './stream.entity.js';
export type { SharedSignalsOptions, SharedSignalsReceiver } from './shared-signals.options.js';
