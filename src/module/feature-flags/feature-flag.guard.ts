import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { RevocationError } from '../revocation.errors.js';
import { FeatureFlags } from './feature-flags.service.js';

/** Step 2: rejects requests while the feature flag `GLOBAL_TOKEN_REVOCATION` is off. Extend it to make exceptions. @publicApi */
@Injectable()
export class FeatureFlagGuard implements CanActivate {
  constructor(@Inject(FeatureFlags) private readonly flags: FeatureFlags) {}

  /** @throws RevocationError `featureDisabled` (403 `access_denied`) */
  async canActivate(context: ExecutionContext): Promise<true> {
    if (await this.isEnabled(context)) return true;
    throw new RevocationError('featureDisabled');
  }

  /** Returns whether to serve this request. @throws RevocationError `unavailable` if the flag cannot be read */
  protected isEnabled(_context: ExecutionContext): Promise<boolean> {
    return this.flags.isEnabled('GLOBAL_TOKEN_REVOCATION');
  }
}
