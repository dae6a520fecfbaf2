import * as v from 'valibot';
import { type CallerRestrictions, restrictionsTo } from './caller-restrictions.options.js';
import { ASSERTION_ALGORITHMS, certificate, keysUrl, publicKeys } from './public-keys.options.js';
import { flag, listOf, type Members, must, oneOf, read, shape, wholeNumber } from './schema.js';

/** Where the keys of an identity provider are: exactly one of these. @publicApi */
export type IdentityProviderKeys =
  | {
      /** The public keys themselves. @see RFC 7517 §5 */
      jwks: {
        /** Each a JWK. @see RFC 7517 §4 */
        keys: ReadonlyArray<Readonly<Record<string, unknown>>>;
      };
    }
  | {
      /** https address of the public keys, fetched when they are needed. @see RemoteJwksOptions */
      jwksUri: string;
    }
  | {
      /** X.509 certificate of the one key, in PEM. Only its key counts: neither its dates nor who signed it. */
      certificate: string;
    };

/**
 * An identity provider that calls the endpoint with JWTs it signs, `typ` `global-token-revocation+jwt`, as Okta Universal
 * Logout does. To be configured here is what makes it allowed to revoke: its JWTs carry no scope.
 *
 * @see https://developer.okta.com/docs/guides/oin-universal-logout-overview/
 * @see draft-parecki-oauth-global-token-revocation-06 §3.5
 * @publicApi
 */
export interface IdentityProvider {
  /** Name in records and logs: 1 to 255 characters, unique. */
  id: string;
  /** Each `iss` its JWTs may have, byte for byte. Two identity providers may share one when each names its own `subject`. */
  issuers: readonly string[];
  /**
   * The `sub` its JWTs must have; they need one in any case.
   *
   * @default any
   * @see RFC 7523 §3
   */
  subject?: string;
  /**
   * Whether its JWTs may also have no `typ`, or one that says no more (`JWT`, `client-authentication+jwt`), as draft -06 has
   * them. Then `subject` is needed: nothing else tells them from what else this issuer signs.
   *
   * @default false
   * @see draft-parecki-oauth-global-token-revocation-06 §3.5, RFC 8725 §3.11, §3.12
   */
  acceptUntyped?: boolean;
  /** Its public keys. The header of a JWT never says where keys are. */
  keys: IdentityProviderKeys;
  /**
   * Signature algorithms it may use, asymmetric ones only.
   *
   * @default all that are supported
   * @see RFC 8725 §3.1
   */
  algorithms?: readonly string[];
  /**
   * The only `aud` its JWTs may have.
   *
   * @default the URL of the endpoint, without query or fragment
   */
  audience?: string;
  /**
   * Whom it may name.
   *
   * @default { formats: ['email', 'iss_sub'] }
   */
  restrictions?: CallerRestrictions;
  /**
   * By how much its clock may differ from ours, in seconds, 0 to 60.
   *
   * @default 10
   */
  clockToleranceSeconds?: number;
}

/** Who else may call. @publicApi */
export interface IdentityProviderOptions {
  /**
   * Identity providers that call with JWTs they sign.
   *
   * @default []
   * @see draft-parecki-oauth-global-token-revocation-06 §3.5
   */
  identityProviders?: readonly IdentityProvider[];
}

const NAME_MAX = 255;

const isName = (value: unknown): boolean =>
  typeof value === 'string' && value !== '' && value.trim() === value && value.length <= NAME_MAX;

const name = must<string>(`text of at most ${NAME_MAX} characters, without blanks around it`, isName);
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
  restrictions: v.optional(restrictionsTo(['email', 'iss_sub']), {}),
  clockToleranceSeconds: v.optional(wholeNumber(0, 60), 10),
} satisfies Members<IdentityProvider>;

/** An ID token of the issuer has neither a `typ` nor this `sub`. */
const identityProvider = v.pipe(
  shape(members),
  v.forward(
    v.check(
      ({ acceptUntyped, subject }) => !acceptUntyped || subject !== undefined,
      'needs a subject: other JWTs of an issuer have no typ either',
    ),
    ['acceptUntyped'],
  ),
);

/** An entry of the option `identityProviders`, with its defaults. */
export type ResolvedIdentityProvider = v.InferOutput<typeof identityProvider>;

/** Whether a JWT could be of both. */
const overlap = (one: ResolvedIdentityProvider, other: ResolvedIdentityProvider): boolean =>
  one.issuers.some((issuer) => other.issuers.includes(issuer)) &&
  (one.subject === undefined || other.subject === undefined || one.subject === other.subject);

/** A JWT must lead to one identity provider. */
const identityProviders = v.pipe(
  listOf(identityProvider),
  v.checkItems(
    ({ id }, i, all) => all.findIndex((other) => other.id === id) === i,
    'has the id of an earlier identity provider',
  ),
  v.checkItems(
    (each, i, all) => !all.slice(0, i).some((earlier) => overlap(each, earlier)),
    'has an issuer of an earlier identity provider; then both need a subject, each its own',
  ),
);

/** What is wrong with a list of identity providers. @param place of the list in findings @publicApi */
export const identityProviderFindings = (given: unknown, place: string): string[] =>
  read(identityProviders, given, place).findings;

export const identityProviderOptions = {
  identityProviders: v.optional(identityProviders, []),
} satisfies Members<IdentityProviderOptions>;
