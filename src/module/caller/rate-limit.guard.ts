import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { callerOf } from '../audit/request-context.js';
import { CallerRateLimits } from './rate-limits.js';

/**
 * Step 3: how often a caller, and all of them together, may call. Extend it to count otherwise. @see RFC 6585 §4
 *
 * @publicApi
 */
@Injectable()
export class RateLimitGuard implements CanActivate {
  constructor(@Inject(CallerRateLimits) private readonly limits: CallerRateLimits) {}

  /** @throws RevocationError `tooManyCalls` (429) */
  async canActivate(context: ExecutionContext): Promise<true> {
    await this.limits.called(this.trackerOf(context));
    return true;
  }

  /** Whose calls are counted together. */
  protected trackerOf(context: ExecutionContext): string {
    return callerOf(context).id;
  }
}
