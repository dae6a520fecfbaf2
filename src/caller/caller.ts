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

/** The caller that `CallerAuthGuard` let in. */
export const callerOf = (context: ExecutionContext): Caller =>
  context.switchToHttp().getRequest<Record<typeof CALLER_PROPERTY, Caller>>()[CALLER_PROPERTY];

/** Handler parameter: {@link callerOf} this request. */
export const AuthenticatedCaller = createParamDecorator((_data: unknown, context: ExecutionContext) =>
  callerOf(context),
);
