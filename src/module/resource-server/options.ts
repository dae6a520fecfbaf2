import type { X509Certificate } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import * as v from 'valibot';
import { type RemoteJwksOptions, trusted } from '../options/public-keys.options.js';
import { isFunction, listOf, type Members, must, read, shape, text, wholeNumber } from '../options/schema.js';

/** Introspection of access tokens at the authorization server. @see RFC 7662 §2.1 @publicApi */
export interface IntrospectionOptions {
  /** Client id of this API. */
  clientId: string;
  /** Client secret of this API, sent with HTTP Basic. */
  clientSecret: string;
  /**
   * Address of the introspection endpoint.
   *
   * @default `introspection_endpoint` of the issuer's metadata
   */
  endpoint?: string;
  /**
   * How long an answer is used for the same token, in seconds. A revocation takes effect after that time at the latest.
   *
   * @default 0
   */
  cacheSeconds?: number;
}

/** Tells whether an epoch is current: `SubjectEpochs` of the main entry point. @publicApi */
export interface CurrentEpochs {
  /** @param epoch undefined for a token without one: false, unless such tokens are live until their user is revoked */
  isCurrent(subject: string, epoch: string | undefined): Promise<boolean>;
}

/**
 * Which access tokens an API accepts, and how it learns that one has ended. Without `introspection` and `epochs`, it
 * reads the status list that the token names.
 *
 * @publicApi
 */
export interface ResourceServerOptions {
  /** Issuer identifier of the authorization server. */
  issuer: string;
  /** Identifiers of this API; `aud` of a token must contain one of them. @see RFC 9068 §4, RFC 8707 §2 */
  audience: string | string[];
  /**
   * Address of the issuer's public keys.
   *
   * @default `jwks_uri` of the issuer's metadata
   */
  jwksUri?: string;
  /**
   * Asks the authorization server about each token instead of verifying it here. Needed for opaque tokens.
   *
   * @default not set: JWTs are verified here
   */
  introspection?: IntrospectionOptions;
  /**
   * Compares the claim `epoch` of each token with the database, instead of reading a status list.
   *
   * @default not set: the status list decides
   */
  epochs?: CurrentEpochs;
  /**
   * Public URL of this API, scheme, host and port. DPoP proofs must name it.
   *
   * @default not set: tokens with a DPoP proof are rejected
   * @see RFC 9449 §4.3
   */
  baseUrl?: string;
  /**
   * Returns the client certificate of a request (Node's request), for tokens that are bound to one.
   *
   * @default not set: tokens bound to a certificate are rejected
   * @see RFC 8705 §3
   */
  clientCertificate?: (request: IncomingMessage) => X509Certificate | undefined;
  /**
   * Host names or addresses, as in the URL, that may be non-public. Outside of production, `http` works for those of them
   * that are loopback addresses.
   *
   * @default []
   */
  allowedHosts?: readonly string[];
  /**
   * PEM certificates of authorities to trust besides Node's own.
   *
   * @default []
   */
  ca?: readonly string[];
}

const url = must<string>('an absolute URL', (value) => typeof value === 'string' && URL.canParse(value));
const origin = must<string>(
  'an origin, such as https://api.example.com',
  (value) => typeof value === 'string' && URL.canParse(value) && new URL(value).origin === value,
);
const audience = must<string | string[]>('text or a list of texts', (value) =>
  typeof value === 'string' ? value !== '' : v.is(v.pipe(listOf(text), v.minLength(1)), value),
);

const introspection = {
  clientId: text,
  clientSecret: text,
  endpoint: v.exactOptional(url),
  cacheSeconds: v.optional(wholeNumber(0, 3600), 0),
} satisfies Members<IntrospectionOptions>;

const options = {
  issuer: url,
  audience,
  jwksUri: v.exactOptional(url),
  introspection: v.exactOptional(shape(introspection)),
  epochs: v.exactOptional(
    must<CurrentEpochs>('an object with isCurrent()', (value) =>
      isFunction((value as Record<string, unknown> | null)?.['isCurrent']),
    ),
  ),
  baseUrl: v.exactOptional(origin),
  clientCertificate: v.exactOptional(
    must<NonNullable<ResourceServerOptions['clientCertificate']>>('a function', isFunction),
  ),
  ...trusted,
} satisfies Members<ResourceServerOptions>;

export type ResolvedResourceServerOptions = ResourceServerOptions &
  Required<RemoteJwksOptions> & { introspection?: ResolvedIntrospection };

export type ResolvedIntrospection = IntrospectionOptions & Required<Pick<IntrospectionOptions, 'cacheSeconds'>>;

/** @throws Error that names every invalid option */
export function resolveResourceServerOptions(given: unknown): ResolvedResourceServerOptions {
  const { value, findings } = read(shape(options), given, '', 'the options of the resource server');
  const both = value.introspection && value.epochs;
  const all = both ? ['epochs: must not be set together with introspection'] : findings;
  if (all.length > 0) throw new Error(`ResourceServerModule: ${all.join('\n')}`);
  return value as ResolvedResourceServerOptions;
}
