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
import { type AdapterResponse, rawRequest } from '../http/http-adapter.js';
import { asRefusal, type RevocationError } from '../revocation.errors.js';
import { EndpointMiddleware } from './endpoint.middleware.js';

/**
 * Creates a guard that delegates to the provider of `type`. Nest instantiates the guards of a controller itself; this lets a
 * host replace them by subclasses.
 */
export function providedGuard(type: Type<CanActivate>): Type<CanActivate> {
  @Injectable()
  class ProvidedGuard implements CanActivate {
    constructor(
      @Inject(type) private readonly guard: CanActivate,
      @Inject(EndpointMiddleware) private readonly before: EndpointMiddleware,
    ) {}

    canActivate(context: ExecutionContext): ReturnType<CanActivate['canActivate']> {
      const known = RequestContext.of(rawRequest(context));
      known.guardsReached();
      return known.steps.isForEndpoint ? this.guard.canActivate(context) : this.canActivateLate(context);
    }

    private async canActivateLate(context: ExecutionContext): Promise<boolean> {
      const response = context.switchToHttp().getResponse<AdapterResponse>();
      await this.before.takeLate(rawRequest(context), response.raw ?? response);
      return (await this.guard.canActivate(context)) as boolean;
    }
  }
  return ProvidedGuard;
}

/** Everything thrown except `HttpException`, which Nest and the host's filters answer as on any other route. */
abstract class Unanswered {
  static [Symbol.hasInstance](thrown: unknown): boolean {
    return !(thrown instanceof HttpException);
  }
}

/** Creates a filter that delegates to the provider of `type`. Errors other than refusals become `unavailable`. */
export function providedFilter(type: Type<ExceptionFilter<RevocationError>>): Type<ExceptionFilter<unknown>> {
  @Catch(Unanswered)
  class ProvidedFilter implements ExceptionFilter<unknown> {
    readonly catch: ExceptionFilter<unknown>['catch'];

    constructor(@Inject(type) filter: ExceptionFilter<RevocationError>) {
      const answer = filter.catch.bind(filter);
      this.catch = (thrown, host): unknown => answer(asRefusal(thrown), host);
    }
  }
  return ProvidedFilter;
}
