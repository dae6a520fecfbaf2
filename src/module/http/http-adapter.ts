import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import type { ArgumentsHost, ExecutionContext } from '@nestjs/common';
import type { AbstractHttpAdapter } from '@nestjs/core';

/** Runs before the host's body parser and router. */
export type Interceptor = (request: IncomingMessage, response: ServerResponse, next: () => void) => void;

/** Request of an adapter: Node's request, or a wrapper around it. @publicApi */
export type AdapterRequest = IncomingMessage & {
  raw?: IncomingMessage;
  /** Address behind the proxies that the host trusts. */ ip?: string;
};

/** Response of an adapter: Node's response, or a wrapper around it. @publicApi */
export type AdapterResponse = ServerResponse & { raw?: ServerResponse; hijack?: () => void };

/** The used part of a Fastify instance. */
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
 * Runs `intercept` for every request, before anything that the host registers later.
 *
 * @param hasRead returns whether `intercept` has read the body, so that the host's parser does not wait for it
 * @throws Error for an unknown adapter, because the endpoint must not start without its middleware
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
  // Express's parser detects that the stream has ended; Fastify's would wait forever.
  if (type === 'fastify') feedParser(adapter.getInstance<Fastify>(), hasRead);
}

function feedParser(fastify: Fastify, hasRead: (request: IncomingMessage) => boolean): void {
  fastify.addHook('preParsing', (request, _reply, payload, done) => {
    if (!hasRead(request.raw)) return done(null, payload);
    request.headers['content-length'] = '2';
    done(null, Readable.from(['{}']));
  });
}

/** Returns Node's request. */
export const rawRequest = (context: ArgumentsHost): IncomingMessage =>
  nodeRequest(context.switchToHttp().getRequest<AdapterRequest>());

/** Returns Node's request for `@Req()`, on Express and Fastify. @publicApi */
export const nodeRequest = (request: AdapterRequest): IncomingMessage => request.raw ?? request;

/** Returns every value of a header in order; Node itself drops or joins some. @param name in lower case @publicApi */
export const headerValues = ({ rawHeaders }: IncomingMessage, name: string): string[] =>
  rawHeaders.filter((_, i) => i % 2 === 1 && rawHeaders[i - 1]!.toLowerCase() === name);

/** Returns the client address, behind the proxies that the host trusts. */
export const sourceIpOf = (context: ExecutionContext): string =>
  context.switchToHttp().getRequest<{ ip?: string }>().ip ?? '';

/**
 * Returns Node's response with the headers that the host's hooks set, and tells the adapter that it is answered
 * elsewhere.
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
