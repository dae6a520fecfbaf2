import { Inject, Injectable } from '@nestjs/common';
import {
  GLOBAL_REVOCATION_OPTIONS,
  GLOBAL_REVOCATION_SCOPE,
  type ResolvedOptions,
} from '../options/global-revocation.options.js';
import type { RevocationError } from '../revocation.errors.js';
import { AccessTokens } from './access-token/access-tokens.js';
import { DPOP_ALGORITHMS } from './access-token/dpop-proof.js';

/** Errors of access tokens; that of the client is none of a scheme. */
const TOKEN_ERRORS: readonly string[] = ['invalid_token', 'invalid_dpop_proof'];

/** The `WWW-Authenticate` of a refusal. @see RFC 7617 §2.1, RFC 6750 §3, RFC 9449 §7.1 */
@Injectable()
export class Challenges {
  constructor(
    @Inject(GLOBAL_REVOCATION_OPTIONS) private readonly options: ResolvedOptions,
    @Inject(AccessTokens) private readonly tokens: AccessTokens,
  ) {}

  /**
   * One value for each offered scheme; none for a refusal that better credentials would not change.
   *
   * @param authorization header of the request: its scheme is the one that is told the error
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
