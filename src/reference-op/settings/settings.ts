import {
  FEATURE_FLAGS,
  type IdentityProvider,
  identityProviderFindings,
  type RateLimit,
  resolveOptions,
} from 'nestjs-global-revocation';
import { DEMO_API_PATH } from '../demo-data.js';
import { LOG_FORMATS } from '../log/log-format.js';
import { listOf, named, objects, oneOf, onOff, type Setting, setting, switches, text, wholeNumber } from './setting.js';
import {
  COOKIE_KEY,
  isAudience,
  isCookieKey,
  isDatabaseUrl,
  isEndpointPath,
  isFileName,
  isHeaderName,
  isHost,
  isHttpsOrigin,
  isOrigin,
  isStorageKey,
  isTrustProxy,
  STORAGE_KEY,
} from './settings-checks.js';

/** Maximum, because shutdown takes at most 10 s. */
const LONGEST_NOTICE = 5000;
const MOST_CALLS = 1_000_000;

const file = text('the path of a file', isFileName);
const lifetime = wholeNumber(1, 2_147_483_647, 'seconds');

/** The defaults of settings that are options of the module. */
const options = resolveOptions({ issuer: 'http://localhost' });
const perMinute = (limit: RateLimit | false): number => (limit === false ? 0 : limit.limit);

/**
 * All settings of the reference server. A property is the YAML key; the environment variable is `GTR_` and the key in
 * UPPER_SNAKE_CASE, or `env`. Paths are relative to the working directory.
 */
export const SETTINGS = {
  /** With `production`, there is no demo, and no keys are generated. @default development */
  production: setting(
    named('"production", "development" or "test", or not set', { production: true, development: false, test: false }),
    { env: 'NODE_ENV', yaml: false, usual: false },
  ),

  /** TCP port to listen on. With 0, any free port; `issuer` must then match it. @default 3000 */
  port: setting(wholeNumber(0, 65_535), { env: 'PORT', usual: 3000 }),

  /** Address to listen on. Outside production only an address of this machine, because of the demo data. @default localhost; 0.0.0.0 in production */
  host: setting(text('a host name or an IP address', isHost), {
    usual: ({ production }) => (production ? '0.0.0.0' : 'localhost'),
  }),

  /** Issuer identifier: scheme, host and port only. Must be https in production, elsewhere a host of this machine. @default `http://localhost:PORT` */
  issuer: setting(
    text(
      'a lower-case http or https URL of host and port only, without path, trailing slash, query or fragment, such as https://op.example.com',
      isOrigin,
    ),
    { env: 'ISSUER', usual: ({ port }) => (port === 80 ? 'http://localhost' : `http://localhost:${port}`) },
  ),

  /** The database. @default sqlite:data/op.sqlite */
  databaseUrl: setting(
    text('sqlite:PATH, postgres://USER:PASSWORD@HOST:PORT/NAME, or the same with mariadb: or mysql:', isDatabaseUrl),
    { env: 'DATABASE_URL', usual: 'sqlite:data/op.sqlite' },
  ),

  /** Proxies whose `X-Forwarded-For` is trusted: off, on (all), a number of hops, or addresses. @default off */
  trustProxy: setting(
    text('off, on, a number of hops, or IP addresses and CIDR ranges separated by commas', isTrustProxy),
    { usual: 'off' },
  ),

  /** Whether Swagger UI is served at `/docs`. @default on; off in production */
  docs: setting(onOff, { usual: ({ production }) => !production }),

  /** Format of the log: JSON, short lines of text, or no log. @default text; json in production */
  log: setting(oneOf(...LOG_FORMATS), { usual: ({ production }) => (production ? 'json' : 'text') }),

  /** How long `/readyz` answers 503 before a stopping node closes its port, in milliseconds. @default 0; 2000 in production */
  shutdownNoticeMs: setting(wholeNumber(0, LONGEST_NOTICE, 'milliseconds'), {
    usual: ({ production }) => (production ? 2000 : 0),
  }),

  /** Separate TCP port for `/metrics`. @default none: metrics are on the port of the server */
  metricsPort: setting(wholeNumber(1, 65_535)),

  /** Bearer token that `/metrics` requires. Without it, production serves metrics only on `metricsPort`. @default not set */
  metricsToken: setting(text(`at least ${COOKIE_KEY}`, isCookieKey), { secret: true }),

  /** Time that one step of a request may wait for the database, in milliseconds. After that, the answer is 503. @default 5000 */
  databaseTimeoutMs: setting(wholeNumber(100, 60_000, 'milliseconds'), { usual: options.databaseTimeoutMs }),

  /** Maximum number of statements that run or wait for the database. Beyond it, the answer is 503 at once. @default 1000 */
  databaseQueue: setting(wholeNumber(10, 100_000), { usual: options.databaseQueue }),

  /** Path of the endpoint, without leading slash. @default global-token-revocation */
  path: setting(text('a path of the characters A-Z a-z 0-9 . _ ~ - and single slashes between them', isEndpointPath), {
    usual: 'global-token-revocation',
  }),

  /** Feature flags. A value stored in the database takes precedence. @default every flag is on, except SHARED_SIGNALS */
  featureFlags: setting(switches(FEATURE_FLAGS), { usual: { GLOBAL_TOKEN_REVOCATION: true, SHARED_SIGNALS: false } }),

  /** Answer for an unknown user: 404, or 204. @default not_found */
  unknownSubject: setting(oneOf('not_found', 'no_content'), { usual: options.unknownSubject }),

  /** What to do if an identifier names several users: revoke the first one, or answer 422. @default first */
  ambiguousSubject: setting(oneOf('first', 'reject'), { usual: options.ambiguousSubject }),

  /** Rejected credentials per minute for each source address and bucket of clients, then 429. 0 means no limit. @default 20 */
  failuresPerMinute: setting(wholeNumber(0, MOST_CALLS), { usual: perMinute(options.rateLimits.failures) }),

  /**
   * Wrong passwords from one source address for one account within 5 minutes, then 429. For all accounts together, a source has ten
   * times as many. After ten times as many from all sources, checks of the account take a second longer. 0 means no limit.
   *
   * @default 10
   */
  signInTries: setting(wholeNumber(0, MOST_CALLS), { usual: 10 }),

  /** Calls per minute of each caller, then 429. 0 means no limit. @default 600 */
  callsPerMinute: setting(wholeNumber(0, MOST_CALLS), { usual: perMinute(options.rateLimits.calls) }),

  /** Calls per minute of all callers together, then 429. 0 means no limit. @default 3000 */
  totalCallsPerMinute: setting(wholeNumber(0, MOST_CALLS), { usual: perMinute(options.rateLimits.total) }),

  /** Sessions and sign-ins that one source address begins per minute before somebody signs in, then 429. 0 means no limit. @default 300 */
  recordsPerMinute: setting(wholeNumber(0, MOST_CALLS), { usual: perMinute(options.rateLimits.records) }),

  /** Whether the body's member may also be called `subject`, as in drafts -00 to -02. @default off */
  acceptSubjectMember: setting(onOff, { usual: options.acceptSubjectMember }),

  /** Average time between two sweeps of dead and expired rows, in milliseconds. With 0, this node never sweeps. @default 10000 */
  sweepIntervalMs: setting(wholeNumber(0, 86_400_000, 'milliseconds'), { usual: options.sweepIntervalMs }),

  /** Days for which complete revocation records are kept. 0 means forever. @default 0 */
  recordRetentionDays: setting(wholeNumber(0, 36_500, 'days'), { usual: options.recordRetentionDays }),

  /** Identity providers that call the endpoint with signed JWTs. @default none */
  identityProviders: setting(
    objects<IdentityProvider>('a list of identity providers (environment: the same as JSON)', (given) =>
      identityProviderFindings(given, ''),
    ),
  ),

  /** Hosts from which keys may be fetched even if their address is not public. @default none */
  jwksAllowedHosts: setting(listOf('a list of host names or addresses (environment: separated by commas)', isHost)),

  /** File with certificates of further authorities to trust when keys are fetched, and when relying parties and receivers of events are told. @default not set */
  jwksCaFile: setting(file),

  /** Whether relying parties with a `backchannel_logout_uri` are told by back-channel logout: about revocations and sign-outs. @default off */
  backchannelLogout: setting(onOff, { usual: false }),

  /** Whether receivers are told about revocations by Shared Signals, while the feature flag `SHARED_SIGNALS` is on. @default off */
  sharedSignals: setting(onOff, { usual: false }),

  /** Hosts of relying parties that are told even if their address is not public. Outside production, the host of the issuer is always included. @default none */
  notificationAllowedHosts: setting(
    listOf('a list of host names or addresses (environment: separated by commas)', isHost),
  ),

  /**
   * Header in which a trusted proxy passes on the certificate of a client, as in RFC 9440 or as percent-encoded PEM.
   * The proxy must remove it from what clients send, and `trustProxy` must contain its address. @default not set
   */
  clientCertificateHeader: setting(text('the name of a header, such as Client-Cert', isHeaderName)),

  /** Public address that asks clients for certificates, published as `mtls_endpoint_aliases`. @default not set */
  mtlsUrl: setting(text('an https URL of host and port only, such as https://mtls.op.example.com', isHttpsOrigin)),

  /** Lifetime of access tokens of people, and of ID tokens, in seconds. A client's own access token lives for 10 minutes. @default 3600 (one hour) */
  accessTokenTtlSeconds: setting(lifetime, { usual: 3600 }),

  /** APIs whose access tokens are JWTs that refer to a status list: the values of `resource`. @default `ISSUER/demo/api`; none in production */
  jwtAudiences: setting(listOf('a list of absolute URLs (environment: separated by commas)', isAudience), {
    usual: ({ production, issuer }): string[] => (production ? [] : [`${issuer}/${DEMO_API_PATH}`]),
  }),

  /** How long APIs may use a status list, in seconds. A revocation reaches them within this time and one second more. @default 15 */
  statusListTtlSeconds: setting(wholeNumber(1, 3600, 'seconds'), { usual: 15 }),

  /** Lifetime of a refresh token, in seconds. @default 1209600 (14 days) */
  refreshTokenTtlSeconds: setting(lifetime, { usual: 1_209_600 }),

  /** Lifetime of a browser session, in seconds. @default 1209600 (14 days) */
  sessionTtlSeconds: setting(lifetime, { usual: 1_209_600 }),

  /** Directory of the keys that are generated outside production. @default data */
  dataDir: setting(text('the path of a directory', isFileName), { usual: 'data' }),

  /** File with the private signing keys as a JWKS. Required in production. @default generated */
  signingKeysFile: setting(file),

  /** Keys that sign cookies, newest first. Production requires these or `cookieKeysFile`. @default generated */
  cookieKeys: setting(
    listOf(`a list (environment: separated by commas) of keys of at least ${COOKIE_KEY}`, isCookieKey),
    { secret: true },
  ),

  /** File with the cookie keys, one per line, instead of `cookieKeys`. @default not set */
  cookieKeysFile: setting(file),

  /** Key that encrypts records of the provider, and secrets of receivers of events, in the database. Production requires it or `storageKeyFile`. @default generated */
  storageKey: setting(text(STORAGE_KEY, isStorageKey), { secret: true }),

  /** File with the storage key, instead of `storageKey`. During a key rotation, several, one per line. @default not set */
  storageKeyFile: setting(file),
};

type Values = { [Name in keyof typeof SETTINGS]: (typeof SETTINGS)[Name] extends Setting<infer T> ? T : never };
type OptionalName = { [Name in keyof Values]: undefined extends Values[Name] ? Name : never }[keyof Values];

/** The values of all settings; those without a default are optional. */
export type Settings = Omit<Values, OptionalName> & { [Name in OptionalName]?: Exclude<Values[Name], undefined> };
