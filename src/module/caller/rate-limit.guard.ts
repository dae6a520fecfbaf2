import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { callerOf } from '../audit/request-context.js';
import { CallerRateLimits } from './rate-limits.js';

/** Step 3: limits the calls per caller and in total. Extend it to count differently. @see RFC 6585 §4 @publicApi */
@Injectable()
export class RateLimitGuard implements CanActivate {
  constructor(@Inject(CallerRateLimits) private readonly limits: CallerRateLimits) {}

  /** @throws RevocationError `tooManyCalls` (429) */
  async canActivate(context: ExecutionContext): Promise<true> {
    await this.limits.called(this.trackerOf(context));
    return true;
  }

  /** Returns the key under which calls are counted. */
  protected trackerOf(context: ExecutionContext): string {
    return callerOf(context).id;
  }
}
