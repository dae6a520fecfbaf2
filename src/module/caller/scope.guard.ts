import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { callerOf } from '../audit/request-context.js';
import { RevocationError } from '../revocation.errors.js';
import { type Caller, mayRevoke } from './caller.js';

/**
 * Step 3: requires the scope `global_token_revocation`. You can extend it to require more, never less: the DPoP proof of a
 * token without the scope is not marked as used.
 *
 * @see draft-parecki-oauth-global-token-revocation-06 §7.1, RFC 6750 §3.1
 * @publicApi
 */
@Injectable()
export class ScopeGuard implements CanActivate {
  /** @throws RevocationError `insufficientScope` (403) */
  async canActivate(context: ExecutionContext): Promise<true> {
    const caller = callerOf(context);
    if (mayRevoke(caller) && (await this.mayRevoke(caller, context))) return true;
    throw new RevocationError('insufficientScope');
  }

  /** Returns whether this caller may revoke. */
  protected mayRevoke(caller: Caller, _context: ExecutionContext): boolean | Promise<boolean> {
    return mayRevoke(caller);
  }
}
