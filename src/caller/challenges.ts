import { Inject, Injectable } from '@nestjs/common';
import {
  GLOBAL_REVOCATION_OPTIONS,
  GLOBAL_REVOCATION_SCOPE,
  type GlobalRevocationOptions,
} from '../global-revocation.options.js';
import type { RevocationError } from '../revocation.errors.js';

/** The `WWW-Authenticate` of a refusal. @see RFC 7617 §2.1, RFC 6750 §3 */
@Injectable()
export class Challenges {
  constructor(@Inject(GLOBAL_REVOCATION_OPTIONS) private readonly options: GlobalRevocationOptions) {}

  /** One value for each offered scheme; none for a refusal that better credentials would not change. */
  for({ status, reason, error }: RevocationError): string[] {
    if (reason === 'insufficientScope')
      return [`Bearer error="insufficient_scope", scope="${GLOBAL_REVOCATION_SCOPE}"`];
    if (status !== 401) return [];
    const basic = `Basic realm="${this.options.issuer}", charset="UTF-8"`;
    const bearer = `Bearer realm="${this.options.issuer}"`;
    return [basic, error === 'invalid_token' ? `${bearer}, error="invalid_token"` : bearer];
  }
}
