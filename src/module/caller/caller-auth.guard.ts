import type { IncomingMessage } from 'node:http';
import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { AuthGuard, type IAuthGuard } from '@nestjs/passport';
import { RequestContext } from '../audit/request-context.js';
import { rawRequest, sourceIpOf } from '../http/http-adapter.js';
import { RevocationError } from '../revocation.errors.js';
import { AssertionStrategy } from './assertion/assertion.strategy.js';
import { parseBasicCredentials } from './basic/basic-credentials.js';
import { BasicStrategy } from './basic/basic.strategy.js';
import { BearerStrategy } from './access-token/bearer.strategy.js';
import type { Caller } from './caller.js';
import { CallerRateLimits } from './rate-limits.js';
import { sentCredentials } from './sent-credentials.js';

/** Property in which Passport stores the caller; `user` belongs to the host. */
const CALLER_PROPERTY = 'globalRevocationCaller';

/**
 * Step 1: authenticates the caller with exactly one credential. The scheme selects the method; there is no fallback to
 * another method. To accept your own credentials, override {@link countCredentials} and {@link authenticate}.
 *
 * @see draft-parecki-oauth-global-token-revocation-06 §3.2, RFC 6749 §2.3
 * @publicApi
 */
@Injectable()
export class CallerAuthGuard implements CanActivate {
  private readonly passport: IAuthGuard;

  constructor(
    @Inject(BasicStrategy) basic: BasicStrategy,
    @Inject(BearerStrategy) private readonly bearer: BearerStrategy,
    @Inject(AssertionStrategy) private readonly assertions: AssertionStrategy,
    @Inject(CallerRateLimits) private readonly limits: CallerRateLimits,
  ) {
    const Passport = AuthGuard(basic.name);
    this.passport = new Passport({ property: CALLER_PROPERTY, session: false });
    this.passport.handleRequest = <C>(error: Error | null, caller: C): C => {
      if (error) throw error;
      if (!caller) throw new RevocationError('invalidClient');
      return caller;
    };
  }

  /**
   * @throws RevocationError `credentialsMissing`, `invalidClient`, `invalidToken`, `boundToken`, `keyOfAnotherToken`,
   *   `dpopProof…`, `assertion…` (401), `severalCredentials` (400), `tooManyFailures` (429), `unavailable` (503)
   */
  async canActivate(context: ExecutionContext): Promise<boolean> {
    const credentials = this.countCredentials(rawRequest(context));
    if (credentials > 1) throw new RevocationError('severalCredentials');
    if (credentials === 0) throw new RevocationError('credentialsMissing');
    try {
      RequestContext.of(rawRequest(context)).authenticated(await this.authenticate(context));
      return true;
    } catch (error) {
      if (error instanceof RevocationError && error.status === 401) await this.refused(context, error);
      throw error;
    }
  }

  /**
   * Returns the number of credentials in a request. Exactly one is accepted.
   *
   * @param request Node's request
   * @see RFC 6750 §2, RFC 6749 §2.3
   */
  protected countCredentials(request: IncomingMessage): number {
    return sentCredentials(request);
  }

  /** Returns the caller. @throws RevocationError (401) if the credential is rejected */
  protected async authenticate(context: ExecutionContext): Promise<Caller> {
    const request = rawRequest(context);
    const { authorization = '' } = request.headers;
    const assertion = this.assertions.read(authorization);
    const { body = new Uint8Array() } = RequestContext.of(request).steps;
    if (assertion) return this.assertions.authenticate(assertion, body);
    if (this.bearer.handles(authorization)) return this.bearer.authenticate(request);
    await this.passport.canActivate(context);
    return context.switchToHttp().getRequest<Record<typeof CALLER_PROPERTY, Caller>>()[CALLER_PROPERTY];
  }

  /** Counts a rejected credential. @throws RevocationError `tooManyFailures`, with the reason, beyond the limit */
  protected refused(context: ExecutionContext, refusal: RevocationError): Promise<void> {
    return this.limits.failed(sourceIpOf(context), this.claimedId(context), refusal);
  }

  /** Returns the client id or issuer that the credential claims, unverified; empty if there is none. */
  private claimedId(context: ExecutionContext): string {
    const { authorization = '' } = rawRequest(context).headers;
    return parseBasicCredentials(authorization)?.id ?? this.assertions.issuerOf(authorization) ?? '';
  }
}
