import type { IncomingMessage } from 'node:http';
import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { AuthGuard, type IAuthGuard } from '@nestjs/passport';
import { rawRequest, sourceIpOf } from '../http-adapter.js';
import { RevocationError } from '../revocation.errors.js';
import { parseBasicCredentials } from './basic-credentials.js';
import { BasicStrategy } from './basic.strategy.js';
import { BearerStrategy } from './bearer.strategy.js';
import { CALLER_PROPERTY, setCaller } from './caller.js';
import { CallerRateLimits } from './rate-limits.js';

/** Step 1: authenticates the caller. Exactly one credential, chosen by its scheme, never by trial. */
@Injectable()
export class CallerAuthGuard implements CanActivate {
  private readonly passport: IAuthGuard;

  constructor(
    @Inject(BasicStrategy) basic: BasicStrategy,
    @Inject(BearerStrategy) private readonly bearer: BearerStrategy,
    @Inject(CallerRateLimits) private readonly limits: CallerRateLimits,
  ) {
    const Passport = AuthGuard(basic.name);
    this.passport = new Passport({ property: CALLER_PROPERTY, session: false });
    this.passport.handleRequest = (error, caller) => {
      if (error) throw error;
      if (!caller) throw new RevocationError('invalidClient');
      return caller;
    };
  }

  /**
   * @throws RevocationError `credentialsMissing`, `invalidClient`, `invalidToken` (401), `severalCredentials` (400),
   *   `tooManyFailures` (429), `unavailable` (503)
   */
  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = rawRequest(context);
    const credentials = countCredentials(request);
    if (credentials > 1) throw new RevocationError('severalCredentials');
    if (credentials === 0) throw new RevocationError('credentialsMissing');
    try {
      return await this.authenticate(context);
    } catch (error) {
      if (error instanceof RevocationError && error.status === 401) {
        const { id = '' } = parseBasicCredentials(request.headers.authorization) ?? {};
        await this.limits.failed(sourceIpOf(context), id);
      }
      throw error;
    }
  }

  private async authenticate(context: ExecutionContext): Promise<boolean> {
    const { authorization = '' } = rawRequest(context).headers;
    if (!this.bearer.handles(authorization)) return (await this.passport.canActivate(context)) as boolean;
    setCaller(context, await this.bearer.authenticate(authorization));
    return true;
  }
}

/** Node keeps the first of several `Authorization` headers; the raw list shows all. @see RFC 6750 §2 */
function countCredentials(request: IncomingMessage): number {
  const headers = request.rawHeaders.filter((name, i) => i % 2 === 0 && name.toLowerCase() === 'authorization').length;
  const query = new URLSearchParams(request.url?.split('?')[1]);
  return headers + query.getAll('access_token').length;
}
