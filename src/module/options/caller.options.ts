import type { X509Certificate } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import * as v from 'valibot';
import { asGiven, isFunction, listOf, type Members, must, shape, text } from './schema.js';

/**
 * Whom a caller may name. A user outside of it is answered like one nobody knows.
 *
 * @see draft-parecki-oauth-global-token-revocation-06 §7.1, §7.2
 */
export interface CallerRestrictions {
  /** `format` names this caller may use. @default all */
  formats?: readonly string[];
  /** Values of `iss` this caller may name. @default our own issuer */
  issuers?: readonly string[];
  /** Tenant whose users this caller may name. @default all */
  tenant?: string;
  /** Answer to this caller for a user nobody knows. @default the option `unknownSubject` */
  unknownSubject?: 'not_found' | 'no_content';
}

/** Where the keys of an identity provider are: exactly one of these. */
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

/**
 * How public keys are fetched from where an identity provider or a client has them: over https, without redirects, at most 64 kB
 * within 5 seconds, from public addresses. They are kept for 10 minutes; a `kid` that is not among them leads to another
 * fetch, but to one in 30 seconds. While they cannot be had, calls are 503.
 *
 * @see RFC 7517 §5, RFC 8725 §3.10
 */
export interface RemoteJwksOptions {
  /**
   * Hosts that may have an address that is not public: names or addresses as they stand in the URL.
   *
   * @default []
   */
  allowedHosts?: readonly string[];
  /**
   * Certificates of authorities to trust beside those of Node, in PEM.
   *
   * @default []
   */
  ca?: readonly string[];
}

/** TLS client certificates, for access tokens that are bound to one. */
export interface MutualTls {
  /**
   * The certificate that the client of a request, which is Node's own, has shown: to this process, or to a proxy in front of it
   * that you trust; undefined when there was none. Who issued it and its dates are not looked at: what counts is that it is the
   * one that the token is bound to.
   *
   * @see RFC 8705 §3, RFC 9440 §2
   */
  clientCertificate: (request: IncomingMessage) => X509Certificate | undefined;
  /**
   * Where clients with certificates find us: published as `mtls_endpoint_aliases`.
   *
   * @default not published
   * @see RFC 8705 §5
   */
  baseUrl?: string;
}

/**
 * Access tokens of this authorization server that are JWTs, as credentials of the clients they were issued to: a client's own
 * has its `client_id` as `sub`. So no account id may be the id of a client. A token that tells of a login (`auth_time`, `acr`,
 * `amr`, `sid`) is a person's all the same.
 *
 * @see RFC 9068 §4, §5
 */
export interface JwtAccessTokens {
  /** The public keys that sign them. @see RFC 7517 §5 */
  jwks: {
    /** Each a JWK. @see RFC 7517 §4 */
    keys: ReadonlyArray<Readonly<Record<string, unknown>>>;
  };
  /**
   * What their `aud` must name.
   *
   * @default the URL of the endpoint, without query or fragment
   * @see RFC 8707 §2
   */
  audience?: string;
}

/** Who calls, and with which credentials. */
export interface CallerOptions {
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
   * @default {}
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

const remoteJwks = {
  allowedHosts: v.optional(listOf(text), []),
  ca: v.optional(listOf(text), []),
} satisfies Members<RemoteJwksOptions>;

const mutualTls = {
  clientCertificate: must<MutualTls['clientCertificate']>('a function', isFunction),
  baseUrl: v.exactOptional(text),
} satisfies Members<MutualTls>;

const jwtAccessTokens = {
  jwks: v.custom<JwtAccessTokens['jwks']>((value) => value !== undefined),
  audience: v.exactOptional(text),
} satisfies Members<JwtAccessTokens>;

export const callerOptions = {
  identityProviders: v.optional(v.pipe(must<IdentityProvider[]>('a list', Array.isArray), v.transform(defined)), []),
  remoteJwks: v.optional(shape(remoteJwks), {}),
  mutualTls: v.exactOptional(asGiven(shape(mutualTls))),
  jwtAccessTokens: v.exactOptional(shape(jwtAccessTokens)),
} satisfies Members<CallerOptions>;

/** As it is, without members of plain objects that are undefined. */
function defined<T>(value: T): T;
function defined(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((each: unknown) => defined(each));
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  const members = Object.entries(value).filter(([, held]) => held !== undefined);
  return Object.fromEntries(members.map(([name, held]: [string, unknown]) => [name, defined(held)]));
}
