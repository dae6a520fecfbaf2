import {
  type CanActivate,
  Catch,
  type ExceptionFilter,
  type ExecutionContext,
  Inject,
  Injectable,
  type Type,
} from '@nestjs/common';
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
      return this.guard.canActivate(context);
    }
  }
  return ProvidedGuard;
}

/** {@link providedGuard} for the filter of refusals. */
export function providedFilter(type: Type<ExceptionFilter<RevocationError>>): Type<ExceptionFilter<RevocationError>> {
  @Catch(RevocationError)
  class ProvidedFilter implements ExceptionFilter<RevocationError> {
    readonly catch: ExceptionFilter<RevocationError>['catch'];

    constructor(@Inject(type) filter: ExceptionFilter<RevocationError>) {
      this.catch = filter.catch.bind(filter);
    }
  }
  return ProvidedFilter;
}
