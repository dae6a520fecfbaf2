import * as v from 'valibot';
import { type CallerRestrictions, restrictionsTo } from './caller-restrictions.options.js';
import { ASSERTION_ALGORITHMS, certificate, keysUrl, publicKeys } from './public-keys.options.js';
import { flag, listOf, type Members, must, oneOf, pathBelowIssuer, read, shape, wholeNumber } from './schema.js';

/** Keys of an identity provider: exactly one of these. @publicApi */
export type IdentityProviderKeys =
  | {
      /** The public keys. @see RFC 7517 §5 */
      jwks: {
        /** List of JWKs. @see RFC 7517 §4 */
        keys: ReadonlyArray<Readonly<Record<string, unknown>>>;
      };
    }
  | {
      /** https URL of the public keys, fetched when needed: see the option `remoteJwks`. */
      jwksUri: string;
    }
  | {
      /** PEM certificate with the key. Its dates and issuer are not checked. */
      certificate: string;
    };

/**
 * An identity provider that calls the endpoint with signed JWTs (`typ` `global-token-revocation+jwt`), as Okta
 * Universal Logout does. A configured identity provider may revoke; its JWTs carry no scope.
 *
 * @see https://developer.okta.com/docs/guides/oin-universal-logout-overview/
 * @see draft-parecki-oauth-global-token-revocation-06 §3.5
 * @publicApi
 */
export interface IdentityProvider {
  /** Name in records and logs: 1 to 255 characters, unique. */
  id: string;
  /** Accepted `iss`, compared byte for byte. Identity providers with the same `iss` must have different `subject`s. */
  issuers: readonly string[];
  /**
   * Required `sub`. A JWT without `sub` is always rejected.
   *
   * @default any
   * @see RFC 7523 §3
   */
  subject?: string;
  /**
   * Whether to accept JWTs without `typ`, or with a generic one (`JWT`, `client-authentication+jwt`), as draft -06
   * does. Requires `subject`, which then distinguishes these JWTs from others of the issuer.
   *
   * @default false
   * @see draft-parecki-oauth-global-token-revocation-06 §3.5, RFC 8725 §3.11, §3.12
   */
  acceptUntyped?: boolean;
  /** Public keys. Headers of a JWT cannot name other keys. */
  keys: IdentityProviderKeys;
  /**
   * Accepted signature algorithms. Only asymmetric ones are possible.
   *
   * @default all supported algorithms
   * @see RFC 8725 §3.1
   */
  algorithms?: readonly string[];
  /**
   * The only accepted `aud`.
   *
   * @default the URL of the endpoint, without query or fragment
   */
  audience?: string;
  /**
   * Client id of this server at the identity provider. If it is set, the identity provider may also send back-channel logout
   * tokens, with this `aud`, to {@link IdentityProviderOptions.logoutPath}. By default, each ends all tokens and sessions
   * of its user, whom `users.iss_sub` finds by the `iss` and `sub` of the token.
   *
   * @default not set: its logout tokens are rejected
   * @see OpenID.Back-Channel §2.5
   */
  logoutClientId?: string;
  /**
   * What a logout token with a `sid` ends. `user`: all tokens and sessions of its user. `session`: only those that came from this session
   * at the identity provider, which you name at the sign-in with `epochForSignIn(subject, { issuer, sid })` of the oidc-provider adapter.
   * A token without `sid` always ends all tokens and sessions of its user.
   *
   * @default 'user'
   * @see OpenID.Back-Channel §2.4, §2.7
   */
  logoutEnds?: 'user' | 'session';
  /**
   * Users and formats that it may name.
   *
   * @default { formats: ['email', 'iss_sub'] }
   */
  restrictions?: CallerRestrictions;
  /**
   * Accepted clock difference in seconds, 0 to 60.
   *
   * @default 10
   */
  clockToleranceSeconds?: number;
}

/** Identity providers as callers. @publicApi */
export interface IdentityProviderOptions {
  /**
   * Identity providers that call the endpoint with signed JWTs.
   *
   * @default []
   * @see draft-parecki-oauth-global-token-revocation-06 §3.5
   */
  identityProviders?: readonly IdentityProvider[];
  /**
   * Path for logout tokens of identity providers, below the path of `issuer`, without slashes around it. It is served only if
   * an identity provider has a `logoutClientId`. Prefixes, versions and guards of the application do not apply to it.
   *
   * @default 'upstream-logout'
   */
  logoutPath?: string;
}

const NAME_MAX = 255;

const isName = (value: unknown): boolean =>
  typeof value === 'string' && value !== '' && value.trim() === value && value.length <= NAME_MAX;

const name = must<string>(`text of at most ${NAME_MAX} characters, without spaces at the beginning or end`, isName);
const someOf = <T extends v.GenericSchema>(each: T) => v.pipe(listOf(each), v.nonEmpty('must not be empty'));

const keys = v.pipe(
  shape({
    jwks: v.exactOptional(publicKeys),
    jwksUri: v.exactOptional(keysUrl),
    certificate: v.exactOptional(certificate),
  }),
  v.check((given) => Object.keys(given).length === 1, 'must have exactly one of jwks, jwksUri, certificate'),
  v.transform((given) => given as IdentityProviderKeys),
);

const members = {
  id: name,
  issuers: someOf(name),
  subject: v.exactOptional(name),
  acceptUntyped: v.optional(flag, false),
  keys,
  algorithms: v.optional(someOf(oneOf(...ASSERTION_ALGORITHMS)), ASSERTION_ALGORITHMS),
  audience: v.exactOptional(must<string>('a URL', (value) => isName(value) && URL.canParse(String(value)))),
  logoutClientId: v.exactOptional(name),
  logoutEnds: v.optional(oneOf('user', 'session'), 'user'),
  restrictions: v.optional(restrictionsTo(['email', 'iss_sub']), {}),
  clockToleranceSeconds: v.optional(wholeNumber(0, 60), 10),
} satisfies Members<IdentityProvider>;

/** Requires `subject` with `acceptUntyped`, because ID tokens of the issuer have no `typ` either, but another `sub`. */
const identityProvider = v.pipe(
  shape(members),
  v.forward(
    v.check(
      ({ acceptUntyped, subject }) => !acceptUntyped || subject !== undefined,
      'needs a subject, because other JWTs of the issuer may also lack a specific typ',
    ),
    ['acceptUntyped'],
  ),
  v.forward(
    v.check(
      ({ logoutEnds, logoutClientId }) => logoutEnds === 'user' || logoutClientId !== undefined,
      'needs a logoutClientId, because without it no logout token is accepted',
    ),
    ['logoutEnds'],
  ),
);

/** An entry of the option `identityProviders`, with its defaults. */
export type ResolvedIdentityProvider = v.InferOutput<typeof identityProvider>;

/** Returns whether a JWT could belong to both. */
const overlap = (one: ResolvedIdentityProvider, other: ResolvedIdentityProvider): boolean =>
  one.issuers.some((issuer) => other.issuers.includes(issuer)) &&
  (one.subject === undefined || other.subject === undefined || one.subject === other.subject);

/** Returns whether a logout token could belong to both. */
const sameLogout = (one: ResolvedIdentityProvider, other: ResolvedIdentityProvider): boolean =>
  one.logoutClientId !== undefined &&
  one.logoutClientId === other.logoutClientId &&
  one.issuers.some((issuer) => other.issuers.includes(issuer));

/** Ensures that a JWT belongs to only one identity provider. */
const identityProviders: v.GenericSchema<unknown, ResolvedIdentityProvider[]> = v.pipe(
  listOf(identityProvider),
  v.checkItems(
    ({ id }, i, all) => all.findIndex((other) => other.id === id) === i,
    'has the same id as an earlier identity provider',
  ),
  v.checkItems(
    (each, i, all) => !all.slice(0, i).some((earlier) => overlap(each, earlier)),
    'has the same issuer as an earlier identity provider: give each its own subject',
  ),
  v.checkItems(
    (each, i, all) => !all.slice(0, i).some((earlier) => sameLogout(each, earlier)),
    'has the same issuer and logoutClientId as an earlier identity provider: set logoutClientId in only one of them',
  ),
);

/** Returns the findings about a list of identity providers. @param place of the list in findings @publicApi */
export const identityProviderFindings = (given: unknown, place: string): string[] =>
  read(identityProviders, given, place).findings;

export const identityProviderOptions = {
  identityProviders: v.optional(identityProviders, []),
  logoutPath: v.optional(pathBelowIssuer, 'upstream-logout'),
} satisfies Members<IdentityProviderOptions>;
