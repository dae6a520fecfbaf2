import { IsArray, IsBoolean, IsIn, IsObject, IsOptional } from 'class-validator';

import { FEATURE_FLAGS, type FeatureFlagName, type IdentityProvider } from 'nestjs-global-revocation';
import { LOG_FORMATS, type LogFormat } from '../log/log-format.js';
import {
  Satisfies,
  isCookieKey,
  isDatabaseUrl,
  isEndpointPath,
  isFileName,
  isHeaderName,
  isHost,
  isHttpsOrigin,
  isRootIssuer,
  isStorageKey,
  isTrustProxy,
} from './settings-checks.js';
import { identityProviderList } from './settings-identity-providers.js';
import { onOff, productionMode, switches, text, textList } from './settings-kinds.js';
import { Setting } from './settings-table.js';
import { WholeNumber } from './settings-whole-number.js';

const LONGEST_SECONDS = 2_147_483_647;
/** A stop takes 10 s at most. */
const LONGEST_NOTICE = 5000;
const MOST_CALLS = 1_000_000;
const FILE = 'the path of a file';
const FLAG_MAP = `a map of flag name to on or off (environment: NAME=on,NAME=off); known: ${FEATURE_FLAGS.join(', ')}`;

/**
 * Every setting of the reference server. A property is the YAML key; the environment variable is `GTR_` and the key in
 * UPPER_SNAKE_CASE unless `env` says otherwise. Paths are relative to the working directory.
 */
export class Settings {
  /** With `production`, there is no demo, and no keys are generated. @default development */
  @Setting({
    env: 'NODE_ENV',
    yaml: false,
    kind: productionMode,
    allowed: '"production", "development" or "test", or not set',
  })
  @IsBoolean()
  production = false;

  /** TCP port to listen on. With 0, any free port; `issuer` must then match it. @default 3000 */
  @WholeNumber(0, 65_535, { env: 'PORT' })
  port = 3000;

  /** Address to listen on. @default localhost; 0.0.0.0 in production */
  @Setting({ kind: text, allowed: 'a host name or an IP address' })
  @Satisfies(isHost)
  host!: string;

  /** Issuer identifier: scheme, host and port only. Must be https in production. @default `http://localhost:PORT` */
  @Setting({
    env: 'ISSUER',
    kind: text,
    allowed:
      'a lower-case http or https URL of host and port only, without path, trailing slash, query or fragment, such as https://op.example.com',
  })
  @Satisfies(isRootIssuer)
  issuer!: string;

  /** The database. @default sqlite:data/op.sqlite */
  @Setting({
    env: 'DATABASE_URL',
    kind: text,
    allowed: 'sqlite:PATH, mariadb://USER:PASSWORD@HOST:PORT/NAME or mysql://USER:PASSWORD@HOST:PORT/NAME',
  })
  @Satisfies(isDatabaseUrl)
  databaseUrl = 'sqlite:data/op.sqlite';

  /** Proxies whose `X-Forwarded-For` is trusted: off, on (all), a number of hops, or addresses. @default off */
  @Setting({ kind: text, allowed: 'off, on, a number of hops, or IP addresses and CIDR ranges separated by commas' })
  @Satisfies(isTrustProxy)
  trustProxy = 'off';

  /** Whether Swagger UI is served at `/docs`. @default on; off in production */
  @Setting({ kind: onOff, allowed: 'on or off' })
  @IsBoolean()
  docs!: boolean;

  /** How the log is written: JSON, short lines for people, or not at all. @default text; json in production */
  @Setting({ kind: text, allowed: 'json, text or off' })
  @IsIn(LOG_FORMATS)
  log!: LogFormat;

  /** How long `/readyz` answers 503 before a stopping node closes its port, in milliseconds. @default 0; 2000 in production */
  @WholeNumber(0, LONGEST_NOTICE, { unit: 'milliseconds' })
  shutdownNoticeMs!: number;

  /** Separate TCP port for `/metrics`. @default none: metrics are on the port of the server */
  @WholeNumber(1, 65_535)
  @IsOptional()
  metricsPort?: number;

  /** Bearer token that `/metrics` requires. Without it, production serves metrics only on `metricsPort`. @default not set */
  @Setting({ kind: text, secret: true, allowed: 'at least 32 printable ASCII characters, without commas and blanks' })
  @IsOptional()
  @Satisfies(isCookieKey)
  metricsToken?: string;

  /** Time one request may wait for the database, in milliseconds. After that, the answer is 503. @default 5000 */
  @WholeNumber(100, 60_000, { unit: 'milliseconds' })
  databaseTimeoutMs = 5000;

  /** Most statements of requests that run or wait for the database. One more is answered with 503 at once. @default 1000 */
  @WholeNumber(10, 100_000)
  databaseQueue = 1000;

  /** Path of the endpoint, without leading slash. @default global-token-revocation */
  @Setting({ kind: text, allowed: 'a path of the characters A-Z a-z 0-9 . _ ~ - and single slashes between them' })
  @Satisfies(isEndpointPath)
  path = 'global-token-revocation';

  /** Feature flags. A value stored in the database takes precedence. @default every flag on */
  @Setting({ kind: switches(FEATURE_FLAGS), allowed: FLAG_MAP })
  @IsObject()
  featureFlags = Object.fromEntries(FEATURE_FLAGS.map((name) => [name, true])) as Record<FeatureFlagName, boolean>;

  /** Answer for an unknown user: 404, or 204. @default not_found */
  @Setting({ kind: text, allowed: 'not_found or no_content' })
  @IsIn(['not_found', 'no_content'])
  unknownSubject: 'not_found' | 'no_content' = 'not_found';

  /** What to do if an identifier names several users: revoke the first one, or answer 422. @default first */
  @Setting({ kind: text, allowed: 'first or reject' })
  @IsIn(['first', 'reject'])
  ambiguousSubject: 'first' | 'reject' = 'first';

  /** Rejected credentials per minute for each source address and bucket of clients, then 429. 0 means no limit. @default 20 */
  @WholeNumber(0, MOST_CALLS)
  failuresPerMinute = 20;

  /** Wrong passwords from one source address for one account within 5 minutes, then 429. 0 means no limit. @default 10 */
  @WholeNumber(0, MOST_CALLS)
  signInTries = 10;

  /** Calls per minute of each caller, then 429. 0 means no limit. @default 600 */
  @WholeNumber(0, MOST_CALLS)
  callsPerMinute = 600;

  /** Calls per minute of all callers together, then 429. 0 means no limit. @default 3000 */
  @WholeNumber(0, MOST_CALLS)
  totalCallsPerMinute = 3000;

  /** Whether the body's member may also be called `subject`, as in drafts -00 to -02. @default off */
  @Setting({ kind: onOff, allowed: 'on or off' })
  @IsBoolean()
  acceptSubjectMember = false;

  /** Average time between two sweeps of dead and expired rows, in milliseconds. With 0, this node never sweeps. @default 10000 */
  @WholeNumber(0, 86_400_000, { unit: 'milliseconds' })
  sweepIntervalMs = 10_000;

  /** Days for which complete revocation records are kept. 0 means forever. @default 0 */
  @WholeNumber(0, 36_500, { unit: 'days' })
  recordRetentionDays = 0;

  /** Identity providers that call the endpoint with signed JWTs. @default none */
  @Setting({ kind: identityProviderList, allowed: 'a list of identity providers (environment: the same as JSON)' })
  @IsOptional()
  @IsArray()
  identityProviders?: IdentityProvider[];

  /** Hosts that keys may be fetched from although their address is not public. @default none */
  @Setting({ kind: textList, allowed: 'a list of host names or addresses (environment: separated by commas)' })
  @IsOptional()
  @Satisfies(isHost, { each: true })
  jwksAllowedHosts?: string[];

  /** File with certificates of authorities to trust when keys are fetched, in addition to those of Node. @default not set */
  @Setting({ kind: text, allowed: FILE })
  @IsOptional()
  @Satisfies(isFileName)
  jwksCaFile?: string;

  /**
   * Header in which a trusted proxy passes on the certificate of a client, as RFC 9440 says or as PEM with percent-encoding.
   * The proxy must remove it from what clients send. @default not set
   */
  @Setting({ kind: text, allowed: 'the name of a header, such as Client-Cert' })
  @IsOptional()
  @Satisfies(isHeaderName)
  clientCertificateHeader?: string;

  /** Public address where clients are asked for certificates, published as `mtls_endpoint_aliases`. @default not set */
  @Setting({ kind: text, allowed: 'an https URL of host and port only, such as https://mtls.op.example.com' })
  @IsOptional()
  @Satisfies(isHttpsOrigin)
  mtlsUrl?: string;

  /** Lifetime of an access token, in seconds. @default 3600 (one hour) */
  @WholeNumber(1, LONGEST_SECONDS, { unit: 'seconds' })
  accessTokenTtlSeconds = 3600;

  /** Lifetime of a refresh token, in seconds. @default 1209600 (14 days) */
  @WholeNumber(1, LONGEST_SECONDS, { unit: 'seconds' })
  refreshTokenTtlSeconds = 1_209_600;

  /** Lifetime of a browser session, in seconds. @default 1209600 (14 days) */
  @WholeNumber(1, LONGEST_SECONDS, { unit: 'seconds' })
  sessionTtlSeconds = 1_209_600;

  /** Directory of the keys that are generated outside of production. @default data */
  @Setting({ kind: text, allowed: 'the path of a directory' })
  @Satisfies(isFileName)
  dataDir = 'data';

  /** File with the private signing keys as a JWKS. Required in production. @default generated */
  @Setting({ kind: text, allowed: FILE })
  @IsOptional()
  @Satisfies(isFileName)
  signingKeysFile?: string;

  /** Keys that sign cookies, newest first. Production requires these or `cookieKeysFile`. @default generated */
  @Setting({
    kind: textList,
    secret: true,
    allowed:
      'a list (environment: separated by commas) of keys of at least 32 printable ASCII characters, without commas and blanks',
  })
  @IsOptional()
  @Satisfies(isCookieKey, { each: true })
  cookieKeys?: string[];

  /** File with the cookie keys, one per line, instead of `cookieKeys`. @default not set */
  @Setting({ kind: text, allowed: FILE })
  @IsOptional()
  @Satisfies(isFileName)
  cookieKeysFile?: string;

  /** Key that encrypts ids in the database. Production requires it or `storageKeyFile`. @default generated */
  @Setting({ kind: text, secret: true, allowed: '32 bytes in base64url without padding (43 characters)' })
  @IsOptional()
  @Satisfies(isStorageKey)
  storageKey?: string;

  /** File with the storage key, instead of `storageKey`. While it is replaced: several, one per line. @default not set */
  @Setting({ kind: text, allowed: FILE })
  @IsOptional()
  @Satisfies(isFileName)
  storageKeyFile?: string;
}
