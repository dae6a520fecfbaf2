import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import type { ArgumentsHost, ExecutionContext } from '@nestjs/common';
import type { AbstractHttpAdapter } from '@nestjs/core';
import { sourceAddress } from './source-address.js';

/** Runs before the host's body parser and router. */
export type Interceptor = (request: IncomingMessage, response: ServerResponse, next: () => void) => void;

/** Request of an adapter: Node's request, or a wrapper around it. @publicApi */
export type AdapterRequest = IncomingMessage & {
  raw?: IncomingMessage;
  /** Address behind the proxies that the host trusts. */ ip?: string;
};

/** Response of an adapter: Node's response, or a wrapper around it. @publicApi */
export type AdapterResponse = ServerResponse & { raw?: ServerResponse; hijack?: () => void };

type Done = (error: null, payload: unknown) => void;

/** The used part of a Fastify request. */
interface Parsed {
  raw: IncomingMessage;
  headers: Record<string, unknown>;
  routeOptions: { url?: string };
}

/** The used part of a Fastify reply. */
interface Reply {
  raw: ServerResponse;
  getHeaders(): OutgoingHttpHeaders;
}

/** The used part of a Fastify instance. */
interface Fastify {
  addHook(name: 'preParsing', hook: (request: Parsed, reply: Reply, payload: unknown, done: Done) => void): void;
}

/** Which requests to intercept before the host's body parser and router, and how. */
interface Interception {
  /** Handles an intercepted request, once. */
  take: Interceptor;
  /** Returns whether this request target, or path of a route, may reach the endpoint. */
  isOurs: (url: string | undefined) => boolean;
  /** Returns whether {@link take} has read the body, so that the host's parser must not wait for it. */
  hasRead: (request: IncomingMessage) => boolean;
}

/**
 * Intercepts every request before anything that the host registers later, and again before its body parser, because
 * middleware of the host may have rewritten the URL.
 *
 * @throws Error for an unknown adapter, because the endpoint must not start without its middleware
 */
export function interceptRequests(adapter: AbstractHttpAdapter, interception: Interception): void {
  const { take, isOurs, hasRead } = interception;
  let isLate = false;
  const intercept: Interceptor = (request, response, next) => {
    if (!isOurs(request.url)) return next();
    take(request, response, () => {
      if (hasRead(request)) Object.assign(request, { _body: true }); // body-parser 1 of early Nest 11 would read it again
      next();
    });
  };
  /** Leaves requests from web pages until the host's CORS has set its headers or answered. */
  const interceptFirst: Interceptor = (request, response, next) => {
    if (isLate && request.headers.origin !== undefined) next();
    else intercept(request, response, next);
  };
  const type = adapter.getType();
  if (type !== 'express' && type !== 'fastify') {
    throw new Error(`HTTP adapter '${type}' is not supported; use express or fastify`);
  }
  adapter.use(interceptFirst);
  if (type === 'fastify') {
    isLate = true;
    return feedParser(adapter.getInstance<Fastify>(), interception);
  }
  const registerParsers = adapter.registerParserMiddleware.bind(adapter) as (...options: unknown[]) => void;
  adapter.registerParserMiddleware = (...options: unknown[]): void => {
    isLate = true;
    adapter.use(intercept);
    registerParsers(...options);
  };
}

/**
 * Feeds Fastify's parser, which would wait forever for the body; Express's notices that the stream has ended. At this
 * point, Fastify's router has found the route, however it reads paths.
 */
function feedParser(fastify: Fastify, { take, isOurs, hasRead }: Interception): void {
  fastify.addHook('preParsing', (request, reply, payload, done) => {
    if (!isOurs(request.routeOptions.url) && !isOurs(request.raw.url)) return feed(request, payload, done);
    keepHeaders(reply.getHeaders(), reply.raw);
    take(request.raw, reply.raw, () => feed(request, payload, done));
  });
  const feed = (request: Parsed, payload: unknown, done: Done): void => {
    if (!hasRead(request.raw)) return done(null, payload);
    request.headers['content-length'] = '2';
    request.headers['content-type'] = 'application/json'; // its parser is stricter than ours
    done(null, Readable.from([Buffer.from('{}')]));
  };
}

/** Keeps headers that hooks of the host have set. */
function keepHeaders(headers: OutgoingHttpHeaders, raw: ServerResponse): void {
  for (const [name, value] of Object.entries(headers)) if (value !== undefined) raw.setHeader(name, value);
}

export const rawRequest = (context: ArgumentsHost): IncomingMessage =>
  nodeRequest(context.switchToHttp().getRequest<AdapterRequest>());

/** Returns Node's request for `@Req()`, on Express and Fastify. @publicApi */
export const nodeRequest = (request: AdapterRequest): IncomingMessage => request.raw ?? request;

/** Returns whether a request only reads. */
export const isRead = ({ method }: IncomingMessage): boolean => method === 'GET' || method === 'HEAD';

/** Returns every value of a header in order; Node itself drops or joins some. @param name in lower case @publicApi */
export const headerValues = ({ rawHeaders }: IncomingMessage, name: string): string[] =>
  rawHeaders.filter((_, i) => i % 2 === 1 && rawHeaders[i - 1]!.toLowerCase() === name);

/** Returns the client address in canonical form, behind the proxies that the host trusts; empty if it is not an address. */
export const sourceIpOf = (context: ExecutionContext): string =>
  sourceAddress(context.switchToHttp().getRequest<{ ip?: string }>().ip);

/**
 * Returns Node's response with the headers that the host's hooks set, and tells the adapter that it is answered
 * elsewhere.
 *
 * @publicApi
 */
export function takeOver(response: AdapterResponse): ServerResponse {
  const { raw } = response;
  if (!raw) return response;
  keepHeaders(response.getHeaders(), raw);
  response.hijack!();
  return raw;
}
