import type { Type } from '@nestjs/common';
import type { IdentityProvider, JwtAccessTokens, MutualTls, RemoteJwksOptions } from './caller.options.js';
import type { RevocationListener } from './revocation-listener.js';
import type { RevocationTarget } from './revocation-target.options.js';
import type { ThrottlerStorage } from '@nestjs/throttler';
import type { UserSource } from './user-source.options.js';

/** Injection token of {@link GlobalRevocationOptions}. */
export const GLOBAL_REVOCATION_OPTIONS = Symbol('GLOBAL_REVOCATION_OPTIONS');

/** Scope a caller must hold, and nobody else does. @see draft-parecki-oauth-global-token-revocation-06 §7.1 */
export const GLOBAL_REVOCATION_SCOPE = 'global_token_revocation';

/** Every feature flag there is. @see Janssen Server, Global Token Revocation */
export const FEATURE_FLAGS = ['GLOBAL_TOKEN_REVOCATION'] as const;

/** Name of a feature flag. */
export type FeatureFlagName = (typeof FEATURE_FLAGS)[number];

/** How often something may happen. */
export interface RateLimit {
  /** How many times within {@link ttlSeconds}. */
  limit: number;
  /** Length of the window, in seconds; who exceeds the limit waits for as long. */
  ttlSeconds: number;
}

/** What must not happen too often; then 429 with `Retry-After`. `false` switches a limit off. */
export interface RateLimits {
  /**
   * Credentials that are refused, for each source address (of IPv6 its /64) and one of 256 buckets of client ids: of an
   * assertion its `iss`, of other tokens none. Good credentials are let in all the same.
   *
   * @default 20 in 60 seconds
   */
  failures?: RateLimit | false;
  /**
   * Calls of each caller.
   *
   * @default 600 in 60 seconds
   */
  calls?: RateLimit | false;
  /**
   * Calls of all callers together.
   *
   * @default 3000 in 60 seconds
   */
  total?: RateLimit | false;
  /**
   * Where it is counted: any storage for `@nestjs/throttler`, e.g. one that the nodes share. While it does not answer, calls
   * are 503.
   *
   * @default the memory of each node
   */
  storage?: ThrottlerStorage;
}

/** What `GlobalRevocationModule.forRoot({ … })` takes, and what the factory of `forRootAsync` returns. */
export interface GlobalRevocationOptions {
  /**
   * Issuer identifier of the authorization server. Every URL we compare or publish is built from it, never from `Host`.
   *
   * @see RFC 8414 §2
   */
  issuer: string;
  /**
   * Where users are looked up.
   *
   * @default needed, unless `UserDirectory` is replaced
   */
  users?: UserSource;
  /**
   * Configured value of the feature flags; a value stored in the database wins.
   *
   * @default every flag on
   */
  featureFlags?: Partial<Record<FeatureFlagName, boolean>>;
  /**
   * Answer for a user nobody knows: 404, or 204 as Janssen gives.
   *
   * @default 'not_found'
   * @see draft-parecki-oauth-global-token-revocation-06 §3.4.2
   */
  unknownSubject?: 'not_found' | 'no_content';
  /**
   * When several users share the attribute: revoke the first, or refuse with 422.
   *
   * @default 'first'
   * @see Janssen Server, Global Token Revocation, draft-parecki-oauth-global-token-revocation-06 §3.4.2
   */
  ambiguousSubject?: 'first' | 'reject';
  /**
   * How often callers may call, and fail to authenticate.
   *
   * @default the defaults of {@link RateLimits}
   * @see RFC 6585 §4, RFC 6749 §2.3.1
   */
  rateLimits?: RateLimits;
  /**
   * Whether the member of the body may also be called `subject`, as drafts -00 to -02 had it. Both at once must be equal.
   *
   * @default false
   * @see draft-parecki-oauth-global-token-revocation-02 §3.2
   */
  acceptSubjectMember?: boolean;
  /**
   * What becomes of a fault that is found when the module starts: entities or tables missing, a property that is none, a
   * database that does not keep what was answered 204. It is refused to start, or only warned.
   *
   * @default 'refuse'
   */
  startChecks?: 'refuse' | 'warn' | 'off';
  /**
   * Whether this is production: a database that may forget what was committed is refused then, and warned about otherwise.
   *
   * @default whether `NODE_ENV` is `production`
   */
  production?: boolean;
  /**
   * How long one request may wait for the database, in milliseconds, retries included; then 503.
   *
   * @default 5000
   */
  databaseTimeoutMs?: number;
  /**
   * How many statements and transactions of requests may be under way or wait for the database in this process; one more is
   * refused with 503 at once. While a database hangs, memory grows no further than this.
   *
   * @default 1000
   */
  databaseQueue?: number;
  /**
   * 32 bytes, kept outside of the database, under which the record holds a hash of the identifier a caller named: equal
   * identifiers have equal hashes, and a stolen dump cannot be searched for one.
   *
   * @default not set: the record holds no hash
   */
  auditKey?: Uint8Array;
  /**
   * Whether events are written to Nest's logger: each revocation and each refused request, one object with the field names
   * of the Elastic Common Schema. Subscribers of {@link AuditEvents} get them either way.
   *
   * @default true
   */
  logEvents?: boolean;
  /**
   * For how many days revocation records are kept, once they are complete; 0: for ever. Epochs are always kept.
   *
   * @default 0
   */
  recordRetentionDays?: number;
  /**
   * How often dead and expired rows are cleared away, in milliseconds on average; 0: never in this process. Rows of `targets`
   * without an epoch that the first batch leaves live on until a process sweeps: the start warns about it.
   *
   * @default 10000
   */
  sweepIntervalMs?: number;
  /**
   * Providers of the host that are told of every revocation, in its transaction and after it. Each is a provider of one of
   * the host's own modules, in the default scope.
   *
   * @default none
   */
  listeners?: ReadonlyArray<Type<RevocationListener>>;
  /**
   * Tables of the host whose rows end with their user.
   *
   * @default none
   */
  targets?: readonly RevocationTarget[];
  /**
   * Identity providers that call with JWTs they sign.
   *
   * @default []
   * @see draft-parecki-oauth-global-token-revocation-06 §3.5
   */
  identityProviders?: readonly IdentityProvider[];
  /**
   * How the keys of identity providers and clients are fetched.
   *
   * @default the defaults of {@link RemoteJwksOptions}
   */
  remoteJwks?: RemoteJwksOptions;
  /**
   * How callers show certificates. Access tokens that are bound to one are refused without it.
   *
   * @default not set: every one of them is refused
   * @see RFC 8705 §3
   */
  mutualTls?: MutualTls | undefined;
  /**
   * Takes access tokens that are JWTs (`typ` `at+jwt`) from clients, beside those that the server looks up.
   *
   * @default not set: every one of them is refused
   * @see RFC 9068 §4
   */
  jwtAccessTokens?: JwtAccessTokens;
}
