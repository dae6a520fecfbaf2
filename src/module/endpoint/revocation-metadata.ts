import { Inject, Injectable } from '@nestjs/common';
import { AccessTokens } from '../caller/access-token/access-tokens.js';
import { EndpointRoute } from '../http/endpoint-route.js';
import { urlBelow } from '../options/endpoint.options.js';
import { GLOBAL_REVOCATION_OPTIONS, type ResolvedOptions } from '../options/global-revocation.options.js';
import { ASSERTION_ALGORITHMS } from '../options/public-keys.options.js';
import { FeatureFlags } from '../feature-flags/feature-flags.service.js';

/** Members of a discovery document that advertise the endpoint and the status lists. @publicApi */
export interface RevocationClaims {
  /** Absolute URL of the endpoint. */
  global_token_revocation_endpoint: string;
  /** Supported authentication methods, by their registered names. */
  global_token_revocation_endpoint_auth_methods_supported: string[];
  /** Signature algorithms accepted from callers that sign. */
  global_token_revocation_endpoint_auth_signing_alg_values_supported: string[];
  /** Endpoint for callers with a TLS client certificate, if it has another base URL. @see RFC 8705 §5 */
  mtls_endpoint_aliases?: {
    /** URL at which the server requests a client certificate. */
    global_token_revocation_endpoint: string;
  };
  /** Address of the names of all status lists, if there are any. @see draft-ietf-oauth-status-list §9.1 */
  status_list_aggregation_endpoint?: string;
}

/** A discovery document of the host. */
type Document = Readonly<Record<string, unknown>> & { mtls_endpoint_aliases?: object };

/** Authorization server metadata of the endpoint. @publicApi */
@Injectable()
export class RevocationMetadata {
  constructor(
    @Inject(EndpointRoute) private readonly route: EndpointRoute,
    @Inject(FeatureFlags) private readonly flags: FeatureFlags,
    @Inject(AccessTokens) private readonly tokens: AccessTokens,
    @Inject(GLOBAL_REVOCATION_OPTIONS) private readonly options: ResolvedOptions,
  ) {}

  /**
   * Returns the members for both well-known documents. While the feature flag is off, those of the endpoint are missing.
   *
   * @throws RevocationError `unavailable` if the flag cannot be read
   * @see draft-parecki-oauth-global-token-revocation-06 §3.1, §6, RFC 8414 §2, §3
   */
  async claims(): Promise<Partial<RevocationClaims>> {
    const { issuer, statusLists, mutualTls } = this.options;
    const lists = statusLists && { status_list_aggregation_endpoint: urlBelow(issuer, statusLists.path) };
    if (!(await this.flags.isEnabled('GLOBAL_TOKEN_REVOCATION'))) return { ...lists };
    const { baseUrl } = mutualTls ?? {};
    return {
      ...lists,
      global_token_revocation_endpoint: this.route.url(),
      global_token_revocation_endpoint_auth_methods_supported: [
        'client_secret_basic',
        'private_key_jwt',
        ...(this.tokens.isOffered ? ['Bearer', 'DPoP'] : []),
      ],
      global_token_revocation_endpoint_auth_signing_alg_values_supported: [...ASSERTION_ALGORITHMS],
      ...(baseUrl !== undefined && {
        mtls_endpoint_aliases: { global_token_revocation_endpoint: this.route.url(baseUrl) },
      }),
    };
  }

  /**
   * Returns the document of the option `metadata`.
   *
   * @internal
   * @throws RevocationError `unavailable`, or an error of the host's function
   */
  async document(): Promise<Document> {
    const { issuer, metadata } = this.options;
    const claims = typeof metadata?.claims === 'function' ? await metadata.claims() : metadata?.claims;
    return this.addedTo({ ...claims, issuer });
  }

  /**
   * Returns a document of the host with {@link claims}. Its own `mtls_endpoint_aliases` remain.
   *
   * @internal
   * @throws RevocationError `unavailable`
   */
  async addedTo(document: Document): Promise<Document> {
    const { mtls_endpoint_aliases: alias, ...claims } = await this.claims();
    const aliases = alias && { mtls_endpoint_aliases: { ...document.mtls_endpoint_aliases, ...alias } };
    return { ...document, ...claims, ...aliases };
  }
}
