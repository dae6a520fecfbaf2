import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { GLOBAL_REVOCATION_SCOPE } from '../global-revocation.options.js';
import { RevocationError } from '../revocation.errors.js';
import { callerOf } from './caller.js';

/** Step 3: the caller's credential must carry the scope `global_token_revocation`. */
@Injectable()
export class ScopeGuard implements CanActivate {
  /** @throws RevocationError `insufficientScope` (403) */
  canActivate(context: ExecutionContext): true {
    if (callerOf(context).scopes.has(GLOBAL_REVOCATION_SCOPE)) return true;
    throw new RevocationError('insufficientScope');
  }
}
