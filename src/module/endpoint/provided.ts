import {
  type CanActivate,
  Catch,
  type ExceptionFilter,
  type ExecutionContext,
  HttpException,
  Inject,
  Injectable,
  type Type,
} from '@nestjs/common';
import { RequestContext } from '../audit/request-context.js';
import { rawRequest } from '../http/http-adapter.js';
import { RevocationError } from '../revocation.errors.js';

/**
 * A guard that is whatever the module provides as `type`. Nest makes the guards of a controller apart from the providers;
 * so a host can put a subclass in its place.
 */
export function providedGuard(type: Type<CanActivate>): Type<CanActivate> {
  @Injectable()
  class ProvidedGuard implements CanActivate {
    constructor(@Inject(type) private readonly guard: CanActivate) {}

    canActivate(context: ExecutionContext) {
      RequestContext.of(rawRequest(context)).guardsReached();
      return this.guard.canActivate(context);
    }
  }
  return ProvidedGuard;
}

/** What is thrown and says no status: Nest and the filters of the host answer an `HttpException` as on any route. */
abstract class Unanswered {
  static [Symbol.hasInstance](thrown: unknown): boolean {
    return !(thrown instanceof HttpException);
  }
}

/** {@link providedGuard} for the filter of refusals. A fault of the host's own part is one, too: 503, and the log says why. */
export function providedFilter(type: Type<ExceptionFilter<RevocationError>>): Type<ExceptionFilter<unknown>> {
  @Catch(Unanswered)
  class ProvidedFilter implements ExceptionFilter<unknown> {
    readonly catch: ExceptionFilter<unknown>['catch'];

    constructor(@Inject(type) filter: ExceptionFilter<RevocationError>) {
      const answer = filter.catch.bind(filter);
      this.catch = (thrown, host): unknown => answer(refusalOf(thrown), host);
    }
  }
  return ProvidedFilter;
}

const refusalOf = (thrown: unknown): RevocationError =>
  thrown instanceof RevocationError ? thrown : new RevocationError('unavailable', { cause: thrown });
