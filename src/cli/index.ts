/**
 * The command line, for use in an application.
 *
 * @module nestjs-global-revocation-cli
 */
export { EXIT_CODES, type FailureKind } from './exit-codes.js';
export { CommandFailure } from './failure.js';
export { SIGNING_KEYS } from './signing-keys.js';
export type { HostModules, LoadHostModules } from './host-app.js';
export { type CliOptions, runCli } from './run-cli.js';
