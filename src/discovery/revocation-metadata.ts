import { Inject, Injectable } from '@nestjs/common';
import { AccessTokens } from '../caller/access-tokens.js';
import { FeatureFlags } from '../feature-flags/feature-flags.service.js';
import {
  ENDPOINT_PATH,
  GLOBAL_REVOCATION_OPTIONS,
  type GlobalRevocationOptions,
} from '../global-revocation.options.js';

/** The claims that advertise the endpoint in a discovery document. */
export interface RevocationClaims {
  /** Absolute URL of the endpoint. */
  global_token_revocation_endpoint: string;
  /** How a caller may authenticate, by registered names. */
  global_token_revocation_endpoint_auth_methods_supported: string[];
}

/** Authorization server metadata of the endpoint. */
@Injectable()
export class RevocationMetadata {
  constructor(
    @Inject(GLOBAL_REVOCATION_OPTIONS) private readonly options: GlobalRevocationOptions,
    @Inject(ENDPOINT_PATH) private readonly path: string,
    @Inject(FeatureFlags) private readonly flags: FeatureFlags,
    @Inject(AccessTokens) private readonly tokens: AccessTokens,
  ) {}

  /**
   * The claims for both well-known documents; none while the feature flag is off.
   *
   * @throws RevocationError `unavailable` when the flag cannot be read
   * @see draft-parecki-oauth-global-token-revocation-05 §3, RFC 8414 §2
   */
  async claims(): Promise<RevocationClaims | Record<string, never>> {
    if (!(await this.flags.isEnabled('GLOBAL_TOKEN_REVOCATION'))) return {};
    return {
      global_token_revocation_endpoint: `${this.options.issuer.replace(/\/$/, '')}/${this.path}`,
      global_token_revocation_endpoint_auth_methods_supported: [
        'client_secret_basic',
        ...(this.tokens.isOffered ? ['Bearer'] : []),
      ],
    };
  }
}
