import * as v from 'valibot';
import { isFunction, type Members, must, object, shape } from './schema.js';

/** Members of an authorization server's metadata. @see RFC 8414 §2 @publicApi */
export type ServerMetadata = Readonly<Record<string, unknown>>;

/** The documents that {@link MetadataOptions.metadata} serves. @publicApi */
export interface ServedMetadata {
  /**
   * Further members of both documents, such as `token_endpoint`; a function is called for each request. `issuer` and the
   * members of the endpoint are added to them.
   *
   * @default {}
   */
  claims?: ServerMetadata | (() => ServerMetadata | Promise<ServerMetadata>);
}

/** Authorization server metadata. @publicApi */
export interface MetadataOptions {
  /**
   * Serves both documents in which callers find the endpoint, at the paths that belong to `issuer`:
   * `/.well-known/oauth-authorization-server`, followed by the path of the issuer, and `/.well-known/openid-configuration`,
   * after the path of the issuer. Prefixes, versions, guards, pipes and interceptors of the application do not apply to
   * them. Pages of any origin may read them. Omit this option with oidc-provider, which serves its own documents.
   *
   * @default not served: add `RevocationMetadata.claims()` to your own documents
   * @see RFC 8414 §3.1, OpenID Connect Discovery 1.0 §4
   */
  metadata?: ServedMetadata;
}

const claims = v.pipe(
  must<NonNullable<ServedMetadata['claims']>>(
    'an object or a function',
    (value) => isFunction(value) || v.is(object, value),
  ),
  v.check((given) => !Object.hasOwn(given, 'issuer'), 'has `issuer`: set the option `issuer` instead'),
);

const servedMetadata = { claims: v.optional(claims, {}) } satisfies Members<ServedMetadata>;

export const metadataOptions = {
  metadata: v.exactOptional(shape(servedMetadata)),
} satisfies Members<MetadataOptions>;
