import { Inject, Injectable } from '@nestjs/common';
import {
  GLOBAL_REVOCATION_OPTIONS,
  GLOBAL_REVOCATION_SCOPE,
  type ResolvedOptions,
} from '../options/global-revocation.options.js';
import type { RevocationError } from '../revocation.errors.js';
import { AccessTokens } from './access-token/access-tokens.js';
import { DPOP_ALGORITHMS } from './access-token/dpop-proof.js';

/** Errors that belong in a challenge; `invalid_client` does not. */
const TOKEN_ERRORS: readonly string[] = ['invalid_token', 'invalid_dpop_proof'];

/** Builds `WWW-Authenticate` for refusals. @see RFC 7617 §2.1, RFC 6750 §3, RFC 9449 §7.1 */
@Injectable()
export class Challenges {
  constructor(
    @Inject(GLOBAL_REVOCATION_OPTIONS) private readonly options: ResolvedOptions,
    @Inject(AccessTokens) private readonly tokens: AccessTokens,
  ) {}

  /**
   * Returns one challenge per offered scheme, or none if other credentials would not help.
   *
   * @param authorization header of the request; only the challenge of its scheme names the error
   */
  for({ status, reason, error }: RevocationError, authorization = ''): string[] {
    const used = this.tokens.isOffered && /^DPoP /i.test(authorization) ? 'DPoP' : 'Bearer';
    if (reason === 'insufficientScope')
      return [`${used} error="insufficient_scope", scope="${GLOBAL_REVOCATION_SCOPE}"`];
    if (status !== 401) return [];
    const realm = `realm="${this.options.issuer}"`;
    const errorFor = (scheme: string) => (scheme === used && TOKEN_ERRORS.includes(error) ? `, error="${error}"` : '');
    return [
      `Basic ${realm}, charset="UTF-8"`,
      `Bearer ${realm}${errorFor('Bearer')}`,
      ...(this.tokens.isOffered ? [`DPoP ${realm}, algs="${DPOP_ALGORITHMS.join(' ')}"${errorFor('DPoP')}`] : []),
    ];
  }
}
