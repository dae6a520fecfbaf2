import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import type { ArgumentsHost, ExecutionContext } from '@nestjs/common';
import type { AbstractHttpAdapter } from '@nestjs/core';

/** Work done on a request before the host's body parser and router see it. */
export type Interceptor = (request: IncomingMessage, response: ServerResponse, next: () => void) => void;

/** A request as an adapter hands it to Nest: Node's own, or a wrapper around it. @publicApi */
export type AdapterRequest = IncomingMessage & {
  raw?: IncomingMessage;
  /** Behind the proxies that the host trusts. */ ip?: string;
};

/** A response as an adapter hands it to Nest. @publicApi */
export type AdapterResponse = ServerResponse & { raw?: ServerResponse; hijack?: () => void };

/** The part of a Fastify instance that is needed here. */
interface Fastify {
  addHook(
    name: 'preParsing',
    hook: (
      request: { raw: IncomingMessage; headers: Record<string, unknown> },
      reply: unknown,
      payload: unknown,
      done: (error: null, payload: unknown) => void,
    ) => void,
  ): void;
}

/**
 * All that depends on the HTTP adapter. Registers `intercept` for every request, before what the host registers later.
 *
 * @param hasRead whether `intercept` has read the body of a request: the host's parser must not wait for it then
 * @throws Error for an adapter this package does not know: an endpoint without its middleware must not start
 */
export function interceptRequests(
  adapter: AbstractHttpAdapter,
  intercept: Interceptor,
  hasRead: (request: IncomingMessage) => boolean,
): void {
  const type = adapter.getType();
  if (type !== 'express' && type !== 'fastify') {
    throw new Error(`HTTP adapter '${type}' is not supported; use express or fastify`);
  }
  adapter.use(intercept);
  // Express's parser sees by itself that the stream has ended; Fastify's would wait for ever.
  if (type === 'fastify') feedParser(adapter.getInstance<Fastify>(), hasRead);
}

function feedParser(fastify: Fastify, hasRead: (request: IncomingMessage) => boolean): void {
  fastify.addHook('preParsing', (request, _reply, payload, done) => {
    if (!hasRead(request.raw)) return done(null, payload);
    request.headers['content-length'] = '2';
    done(null, Readable.from(['{}']));
  });
}

/** Node's own request behind the adapter's. */
export const rawRequest = (context: ArgumentsHost): IncomingMessage =>
  nodeRequest(context.switchToHttp().getRequest<AdapterRequest>());

/** Returns Node's request of what a handler's `@Req()` gives, on Express and Fastify alike. @publicApi */
export const nodeRequest = (request: AdapterRequest): IncomingMessage => request.raw ?? request;

/**
 * Every value of a header, in order; Node keeps the first of some and joins others. @param name in lower case
 *
 * @publicApi
 */
export const headerValues = ({ rawHeaders }: IncomingMessage, name: string): string[] =>
  rawHeaders.filter((_, i) => i % 2 === 1 && rawHeaders[i - 1]!.toLowerCase() === name);

/** Address a request came from, behind the proxies that the host trusts. */
export const sourceIpOf = (context: ExecutionContext): string =>
  context.switchToHttp().getRequest<{ ip?: string }>().ip ?? '';

/**
 * Node's own response behind the adapter's, which is told that somebody else answers. It keeps the headers that the host's
 * hooks have set.
 *
 * @publicApi
 */
export function takeOver(response: AdapterResponse): ServerResponse {
  const { raw } = response;
  if (!raw) return response;
  for (const [name, value] of Object.entries(response.getHeaders())) raw.setHeader(name, value!);
  response.hijack!();
  return raw;
}
