import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ExecutionContext } from '@nestjs/common';
import type { AbstractHttpAdapter } from '@nestjs/core';

/** Work done on a request before the host's body parser and router see it. */
export type Interceptor = (request: IncomingMessage, response: ServerResponse, next: () => void) => void;

/**
 * All that depends on the HTTP adapter. Registers `intercept` for every request, before what the host registers later.
 *
 * @throws Error for an adapter this package does not know: an endpoint without its gate must not start
 */
export function interceptRequests(adapter: AbstractHttpAdapter, intercept: Interceptor): void {
  if (adapter.getType() !== 'express')
    throw new Error(`HTTP adapter '${adapter.getType()}' is not supported; use express`);
  adapter.use(intercept);
}

/** Node's own request behind the adapter's. */
export function rawRequest(context: ExecutionContext): IncomingMessage {
  const request = context.switchToHttp().getRequest<IncomingMessage & { raw?: IncomingMessage }>();
  return request.raw ?? request;
}

/** Node's own response behind the adapter's. */
export const rawResponse = (response: ServerResponse & { raw?: ServerResponse }): ServerResponse =>
  response.raw ?? response;
