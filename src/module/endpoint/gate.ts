import { AsyncResource } from 'node:async_hooks';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { AuditEvent } from '../audit/audit-event.js';
import { AuditEvents } from '../audit/audit-events.js';
import { defined, requestEvent } from '../audit/request-event.js';
import { RequestContext } from '../audit/request-context.js';
import { EndpointRoute } from '../http/endpoint-route.js';
import { type RefusalReason, RevocationError } from '../revocation.errors.js';
import { headerValues, type Interceptor, interceptRequests } from '../http/http-adapter.js';
import { keepRawBody, rawBodyOf } from '../http/raw-body.js';
import { requestSpan } from '../http/tracing.js';
import { writeRefusal } from './refusal.js';

/** Largest body, in bytes. */
const MAX_BODY = 8192;

const READ_BEFORE =
  'the body of a request was read before it reached Nest: register body parsers on the Nest application, not on the server ' +
  'below it, or let them keep the bytes as request.rawBody';

const JSON_UTF8 = /^application\/json *(; *charset *= *("utf-8"|utf-8) *)?$/i;

/**
 * Step 0, before the host's body parser and before any guard: only POST, JSON, uncompressed, at most 8 kB. The bytes are
 * kept and parsed after the guards, so that a stranger's malformed JSON is 401.
 *
 * @see draft-parecki-oauth-global-token-revocation-06 §3.1, §3.2
 */
@Injectable()
export class EndpointGate {
  private paths?: ReadonlySet<string>;
  private readonly logger = new Logger('GlobalRevocation');

  constructor(
    @Inject(HttpAdapterHost) host: HttpAdapterHost,
    @Inject(EndpointRoute) private readonly route: EndpointRoute,
    @Inject(AuditEvents) private readonly events: AuditEvents,
  ) {
    // Fires at once under NestFactory, later under @nestjs/testing, without an adapter in a context such as the CLI's.
    host.init$.subscribe(() => {
      const adapter = host.httpAdapter as typeof host.httpAdapter | null;
      if (!adapter) return;
      const intercept: Interceptor = (request, response, next) => {
        if (this.isOurs(request.url)) this.pass(request, response, next);
        else next();
      };
      interceptRequests(adapter, intercept, (request) => rawBodyOf(request) !== undefined);
    });
  }

  /** The host sets prefix and versions after this was made and before the first request comes. */
  private isOurs(url: string | undefined): boolean {
    this.paths ??= new Set(this.route.paths().map((path) => path.toLowerCase()));
    return this.paths.has(routed(url));
  }

  private pass(request: IncomingMessage, response: ServerResponse, next: () => void): void {
    const context = RequestContext.of(request);
    context.endpointReached();
    const span = requestSpan('POST gtr', request.headers);
    response.once('close', () => {
      const event = requestEvent(response);
      span.end(spanFields(event), event['event.reason']);
      this.events.emit(event);
    });
    // What comes after the body was read belongs to the request still, for context-keeping libraries too.
    const proceed = AsyncResource.bind(() => span.run(next));
    const refuse = (reason: RefusalReason): void => {
      for (const name of response.getHeaderNames()) response.removeHeader(name); // what the adapter set before
      const refusal = new RevocationError(reason);
      context.refused(refusal);
      writeRefusal(response, refusal);
      request.resume();
    };
    const refusal = headRefusal(request);
    if (refusal) return refuse(refusal);
    const keep = (bytes: Uint8Array): void => {
      keepRawBody(request, bytes);
      proceed();
    };
    if (request.readableEnded) {
      const read = bytesReadBefore(request);
      if (read && read.length <= MAX_BODY) return keep(read);
      if (!read) this.logger.error(READ_BEFORE);
      return refuse(read ? 'bodyTooLarge' : 'unavailable');
    }

    const chunks: Buffer[] = [];
    let size = 0;
    const collect = (chunk: Buffer): void => {
      size += chunk.length;
      if (size <= MAX_BODY) return void chunks.push(chunk);
      request.off('data', collect).off('end', done);
      refuse('bodyTooLarge');
    };
    const done = (): void => keep(Buffer.concat(chunks));
    request.on('data', collect).once('end', done);
  }
}

/** Of an event, what a span may show: none of it says who it was about. */
function spanFields(event: AuditEvent): Record<string, string | number> {
  const { 'http.request.method': method, 'http.response.status_code': status } = event;
  const fields = {
    'http.request.method': method,
    'http.response.status_code': status,
    'gtr.result': event['event.reason'] ?? 'revoked',
    'gtr.method': event['gtr.method'],
    'gtr.format': event['gtr.format'],
  };
  return defined<Record<string, string | number>>(fields) as Record<string, string | number>;
}

/** What somebody who read the body has kept of it, under the name that Nest and serverless platforms use. */
function bytesReadBefore(request: IncomingMessage & { rawBody?: unknown }): Uint8Array | undefined {
  return request.rawBody instanceof Uint8Array ? request.rawBody : undefined;
}

/**
 * The path as the most lenient router reads it: case, a trailing slash and percent-encoding do not count. Whatever reaches
 * the handler has passed here. @see RFC 9112 §3.2.2 for the absolute form
 */
function routed(url = ''): string {
  const path = url.split('?', 1)[0]!.replace(/^https?:\/\/[^/]*/i, '');
  return decoded(path)
    .toLowerCase()
    .replace(/(?<=.)\/$/, '');
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path; // no router finds it either
  }
}

/** @see RFC 9110 §15.5.6, §15.5.14, §15.5.16, RFC 8259 §8.1 */
function headRefusal(request: IncomingMessage): RefusalReason | undefined {
  const { method, headers } = request;
  if (method !== 'POST') return 'methodNotAllowed';
  const [type = '', ...more] = headerValues(request, 'content-type');
  if (more.length > 0 || !JSON_UTF8.test(type)) return 'contentType';
  if (!/^(identity)?$/i.test(headers['content-encoding'] ?? '')) return 'contentEncoding';
  if (Number(headers['content-length'] ?? 0) > MAX_BODY) return 'bodyTooLarge';
  return undefined;
}
