import { createParamDecorator, type ExecutionContext } from '@nestjs/common';

/** Request property that holds the caller; `user` is left to the host. */
export const CALLER_PROPERTY = 'globalRevocationCaller';

/** Who calls the endpoint. */
export interface Caller {
  /** Client id. */
  id: string;
  /** How the caller authenticated: a registered token endpoint auth method, or `Bearer`. */
  method: string;
  /** Scopes the credential carries. */
  scopes: ReadonlySet<string>;
}

type CallerRequest = Record<typeof CALLER_PROPERTY, Caller>;

/** The caller that `CallerAuthGuard` let in. */
export const callerOf = (context: ExecutionContext): Caller =>
  context.switchToHttp().getRequest<CallerRequest>()[CALLER_PROPERTY];

/** Lets a caller in. */
export function setCaller(context: ExecutionContext, caller: Caller): void {
  context.switchToHttp().getRequest<CallerRequest>()[CALLER_PROPERTY] = caller;
}

/** Handler parameter: {@link callerOf} this request. */
export const AuthenticatedCaller = createParamDecorator((_data: unknown, context: ExecutionContext) =>
  callerOf(context),
);
