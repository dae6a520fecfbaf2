import * as v from 'valibot';
import { type AccessTokenOptions, accessTokenOptions } from './access-tokens.options.js';
import { type AuditOptions, auditOptions } from './audit.options.js';
import { type DatabaseOptions, databaseOptions } from './database.options.js';
import { type EndpointOptions, endpointOptions } from './endpoint.options.js';
import { type IdentityProviderOptions, identityProviderOptions } from './identity-providers.options.js';
import { type MetadataOptions, metadataOptions } from './metadata.options.js';
import { type NotificationOptions, notificationOptions } from './notifications.options.js';
import { type PublicKeyOptions, publicKeyOptions } from './public-keys.options.js';
import { type RateLimitOptions, rateLimitOptions } from './rate-limits.options.js';
import { type Members, read, shape } from './schema.js';
import { type StatusListOptions, statusListOptions } from './status-lists.options.js';
import { type StartupOptions, startupOptions } from './startup.options.js';
import { type SweepOptions, sweepOptions } from './sweep.options.js';
import { type TargetOptions, targetOptions } from './targets.options.js';
import { type UserOptions, userOptions } from './users.options.js';

/** Injection token of {@link ResolvedOptions}. @publicApi */
export const GLOBAL_REVOCATION_OPTIONS = Symbol('GLOBAL_REVOCATION_OPTIONS');

/**
 * Scope that callers need. @see draft-parecki-oauth-global-token-revocation-06 §7.1
 *
 * @publicApi
 */
export const GLOBAL_REVOCATION_SCOPE = 'global_token_revocation';

/** Options of `GlobalRevocationModule.forRoot({ … })`, and result of the factory of `forRootAsync`. @publicApi */
export interface GlobalRevocationOptions
  extends
    EndpointOptions,
    MetadataOptions,
    UserOptions,
    IdentityProviderOptions,
    PublicKeyOptions,
    AccessTokenOptions,
    RateLimitOptions,
    TargetOptions,
    SweepOptions,
    NotificationOptions,
    AuditOptions,
    DatabaseOptions,
    StatusListOptions,
    StartupOptions {}

const OPTIONS = {
  ...endpointOptions,
  ...metadataOptions,
  ...userOptions,
  ...identityProviderOptions,
  ...publicKeyOptions,
  ...accessTokenOptions,
  ...rateLimitOptions,
  ...targetOptions,
  ...sweepOptions,
  ...notificationOptions,
  ...auditOptions,
  ...databaseOptions,
  ...statusListOptions,
  ...startupOptions,
} satisfies Members<GlobalRevocationOptions>;

const options = shape(OPTIONS);

/** Validated options with all defaults. @publicApi */
export interface ResolvedOptions extends v.InferOutput<typeof options> {}

/**
 * Validates the options and fills in defaults.
 *
 * @param extras names of options that belong next to the factory of `forRootAsync`
 * @throws Error that lists all findings, one per line
 * @publicApi
 */
export function resolveOptions(given: unknown, extras: readonly string[] = []): ResolvedOptions {
  const misplaced = extras.map((name) => [name, v.exactOptional(standsBeside(name))] as const);
  const schema = shape({ ...OPTIONS, ...Object.fromEntries(misplaced) });
  const { value, findings } = read(schema, given, '', 'what the factory of forRootAsync returns');
  if (findings.length > 0) throw new Error(`GlobalRevocationModule: ${findings.join('\n')}`);
  return value;
}

const standsBeside = (name: string) =>
  v.pipe(
    v.unknown(),
    v.check(
      () => false,
      `belongs next to the factory, not in what it returns: forRootAsync({ ${name}: …, useFactory: … })`,
    ),
  );
