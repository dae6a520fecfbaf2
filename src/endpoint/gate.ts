import type { IncomingMessage, ServerResponse } from 'node:http';
import { Inject, Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { ENDPOINT_PATH } from '../global-revocation.options.js';
import { type RefusalReason, RevocationError } from '../revocation.errors.js';
import { type Interceptor, interceptRequests } from '../http-adapter.js';
import { keepRawBody, rawBodyOf } from '../raw-body.js';
import { writeRefusal } from './refusal.js';

/** Largest body, in bytes. */
const MAX_BODY = 8192;

const JSON_UTF8 = /^application\/json *(; *charset *= *("utf-8"|utf-8) *)?$/i;

/**
 * Step 0, before the host's body parser and before any guard: only POST, JSON, uncompressed, at most 8 kB. The bytes are
 * kept and parsed after the guards, so that a stranger's malformed JSON is 401.
 */
@Injectable()
export class EndpointGate {
  constructor(@Inject(HttpAdapterHost) host: HttpAdapterHost, @Inject(ENDPOINT_PATH) path: string) {
    const route = `/${path}`.toLowerCase();
    // Fires at once under NestFactory, later under @nestjs/testing, without an adapter in a context such as the CLI's.
    host.init$.subscribe(() => {
      const adapter = host.httpAdapter as typeof host.httpAdapter | null;
      if (!adapter) return;
      const intercept: Interceptor = (request, response, next) => {
        if (routed(request.url) === route) this.pass(request, response, next);
        else next();
      };
      interceptRequests(adapter, intercept, (request) => rawBodyOf(request) !== undefined);
    });
  }

  private pass(request: IncomingMessage, response: ServerResponse, next: () => void): void {
    const refuse = (reason: RefusalReason): void => {
      for (const name of response.getHeaderNames()) response.removeHeader(name); // what the adapter set before
      writeRefusal(response, new RevocationError(reason));
      request.resume();
    };
    const refusal = headRefusal(request);
    if (refusal) return refuse(refusal);

    const chunks: Buffer[] = [];
    let size = 0;
    const collect = (chunk: Buffer): void => {
      size += chunk.length;
      if (size <= MAX_BODY) return void chunks.push(chunk);
      request.off('data', collect).off('end', done);
      refuse('bodyTooLarge');
    };
    const done = (): void => {
      keepRawBody(request, Buffer.concat(chunks));
      next();
    };
    request.on('data', collect).once('end', done);
  }
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

function headRefusal({ method, headers }: IncomingMessage): RefusalReason | undefined {
  if (method !== 'POST') return 'methodNotAllowed';
  if (!JSON_UTF8.test(headers['content-type'] ?? '')) return 'contentType';
  if (!/^(identity)?$/i.test(headers['content-encoding'] ?? '')) return 'contentEncoding';
  if (Number(headers['content-length'] ?? 0) > MAX_BODY) return 'bodyTooLarge';
  return undefined;
}
