import type { ServerResponse } from 'node:http';
import { type ArgumentsHost, Catch, type ExceptionFilter, Inject, Injectable, Logger } from '@nestjs/common';
import { callerOf } from '../caller/caller.js';
import { Challenges } from '../caller/challenges.js';
import { GLOBAL_REVOCATION_OPTIONS, type GlobalRevocationOptions } from '../global-revocation.options.js';
import { RevocationError } from '../revocation.errors.js';
import { takeOver } from '../http-adapter.js';
import { writeNoContent, writeRefusal } from './refusal.js';

/**
 * Turns a {@link RevocationError} of the endpoint into its answer. Nobody else sets a status. Extend it to log otherwise, or
 * to add headers.
 */
@Injectable()
@Catch(RevocationError)
export class RefusalFilter implements ExceptionFilter<RevocationError> {
  private readonly logger = new Logger('GlobalRevocation');

  constructor(
    @Inject(GLOBAL_REVOCATION_OPTIONS) private readonly options: GlobalRevocationOptions,
    @Inject(Challenges) private readonly challenges: Challenges,
  ) {}

  catch(refusal: RevocationError, host: ArgumentsHost): void {
    const response = takeOver(host.switchToHttp().getResponse<ServerResponse>());
    this.log(refusal, host);
    this.answer(refusal, host, response);
  }

  /** Says what went wrong, to the operator. */
  protected log(refusal: RevocationError, _host: ArgumentsHost): void {
    if (refusal.status >= 500) this.logger.error(refusal.message, traceOf(refusal.cause));
  }

  /** Says what went wrong, to the caller. @param response Node's own */
  protected answer(refusal: RevocationError, host: ArgumentsHost, response: ServerResponse): void {
    if (refusal.reason === 'unknownSubject' && this.answerForUnknown(host) === 'no_content') {
      writeNoContent(response);
    } else {
      writeRefusal(response, refusal, this.challenges.for(refusal));
    }
  }

  /** Nobody is looked up before the caller is known. */
  private answerForUnknown(host: ArgumentsHost): GlobalRevocationOptions['unknownSubject'] {
    return callerOf(host).limits?.unknownSubject ?? this.options.unknownSubject;
  }
}

/** Where a fault came from, without the fields of a failed query: its parameters are people's identifiers. */
const traceOf = (cause: unknown): string | undefined => (cause instanceof Error ? cause.stack : undefined);
