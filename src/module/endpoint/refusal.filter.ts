import type { ServerResponse } from 'node:http';
import { type ArgumentsHost, Catch, type ExceptionFilter, Inject, Injectable, Logger } from '@nestjs/common';
import { safeError } from '../audit/safe-error.js';
import { callerOf, RequestContext } from '../audit/request-context.js';
import { Challenges } from '../caller/challenges.js';
import { GLOBAL_REVOCATION_OPTIONS, type ResolvedOptions } from '../options/global-revocation.options.js';
import { RevocationError } from '../revocation.errors.js';
import { type AdapterResponse, rawRequest, takeOver } from '../http/http-adapter.js';
import { RevocationStates } from './revocation-states.js';
import { isUntold, writeNoContent, writeRefusal } from './refusal.js';

/**
 * Answers a {@link RevocationError}, and records it in the event of the request. An error that a guard or interceptor of the
 * host throws arrives as `unavailable` with the error as its cause; Nest answers an `HttpException`. Extend it to add headers.
 *
 * @see draft-parecki-oauth-global-token-revocation-06 §3.4
 * @publicApi
 */
@Injectable()
@Catch(RevocationError)
export class RefusalFilter implements ExceptionFilter<RevocationError> {
  private readonly logger = new Logger('GlobalRevocation');

  constructor(
    @Inject(GLOBAL_REVOCATION_OPTIONS) private readonly options: ResolvedOptions,
    @Inject(Challenges) private readonly challenges: Challenges,
    @Inject(RevocationStates) private readonly states: RevocationStates,
  ) {}

  /** Answers a refusal and ends the request. */
  catch(refusal: RevocationError, host: ArgumentsHost): void {
    const given = host.switchToHttp().getResponse<AdapterResponse>();
    if ((given.raw ?? given).headersSent) return this.tooLate(refusal);
    const response = takeOver(given);
    RequestContext.of(rawRequest(host)).refused(refusal);
    this.answer(refusal, host, response);
  }

  /** Logs an error that came after the answer, for example from an interceptor of the host. */
  private tooLate({ cause }: RevocationError): void {
    const { message, stack = message } = safeError(cause);
    this.logger.error('a component of the application failed after the endpoint had answered', stack);
  }

  /** Writes the answer. @param response Node's response */
  protected answer(refusal: RevocationError, host: ArgumentsHost, response: ServerResponse): void {
    const caller = callerOf(host);
    if (isUntold(refusal, caller, this.options.unknownSubject)) {
      writeNoContent(response, this.states.location(caller));
    } else {
      const { authorization } = rawRequest(host).headers;
      writeRefusal(response, refusal, this.challenges.for(refusal, authorization));
    }
  }
}
