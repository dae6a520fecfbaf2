import { type CanActivate, Inject, Injectable } from '@nestjs/common';
import { RevocationError } from '../revocation.errors.js';
import { FeatureFlags } from './feature-flags.service.js';

/** Step 2: refuses while the feature flag `GLOBAL_TOKEN_REVOCATION` is off. */
@Injectable()
export class FeatureFlagGuard implements CanActivate {
  constructor(@Inject(FeatureFlags) private readonly flags: FeatureFlags) {}

  /** @throws RevocationError `featureDisabled` (403 `access_denied`) */
  async canActivate(): Promise<true> {
    if (await this.flags.isEnabled('GLOBAL_TOKEN_REVOCATION')) return true;
    throw new RevocationError('featureDisabled');
  }
}
