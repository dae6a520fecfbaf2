import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { type BeforeApplicationShutdown, Inject, Injectable, Logger } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { onHttpAdapter } from '../http/adapter-host.js';
import { type Interceptor, isRead } from '../http/http-adapter.js';
import { writeJson } from '../http/json-answer.js';
import { requestPath, requestQuery } from '../http/request-target.js';
import { urlBelow } from '../options/endpoint.options.js';
import { GLOBAL_REVOCATION_OPTIONS, type ResolvedOptions } from '../options/global-revocation.options.js';
import { RevocationError } from '../revocation.errors.js';
import { STATUS_LIST_TYPE } from './encoding.js';
import { type StatusListToken, StatusListTokens } from './status-list-tokens.js';

/** Seconds after which a request that was answered 503 may be repeated. */
const RETRY_AFTER = '1';

const PROBLEMS = {
  404: 'there is no status list at this address',
  405: 'a status list can only be read: send GET',
  501: 'only the current status list is available: omit the parameter time',
  503: 'the status list cannot be read right now: try again later',
} as const;

/**
 * Serves the status lists if the option `statusLists` is set, before everything of the host.
 *
 * @see draft-ietf-oauth-status-list §8
 */
@Injectable()
export class StatusListEndpoint implements BeforeApplicationShutdown {
  private readonly uri: string = '';
  private readonly path: string = '';
  private readonly logger = new Logger('GlobalRevocation');
  private isStopping = false;

  constructor(
    @Inject(HttpAdapterHost) host: HttpAdapterHost,
    @Inject(StatusListTokens) private readonly tokens: StatusListTokens,
    @Inject(GLOBAL_REVOCATION_OPTIONS) { issuer, statusLists }: ResolvedOptions,
  ) {
    if (!statusLists) return;
    this.uri = urlBelow(issuer, statusLists.path);
    this.path = requestPath(new URL(this.uri).pathname);
    onHttpAdapter(host, (adapter) => void adapter.use(this.intercept));
  }

  /** From now on the database may be closed, which is no error. */
  beforeApplicationShutdown(): void {
    this.isStopping = true;
  }

  private readonly intercept: Interceptor = (request, response, next) => {
    const path = requestPath(request.url);
    if (path !== this.path && !path.startsWith(`${this.path}/`)) return next();
    this.answer(path.slice(this.path.length + 1), request, response).catch((error: unknown) => {
      const cause = error instanceof RevocationError ? error.cause : error;
      if (!this.isStopping) this.logger.error(`a status list cannot be served: ${String(cause)}`);
      problem(response, 503);
    });
  };

  private async answer(id: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.setHeader('Access-Control-Allow-Origin', '*');
    if (!isRead(request)) return problem(response, 405);
    if (requestQuery(request.url).has('time')) return problem(response, 501);
    if (id === '') {
      const lists = (await this.tokens.ids()).map((each) => `${this.uri}/${each}`);
      return send(response, 'application/json', JSON.stringify({ status_lists: lists }));
    }
    const token = await this.tokens.find(id);
    return token ? sendList(request, response, token) : problem(response, 404);
  }
}

/** Caches have to ask each time, because what they keep would add to the `ttl`. @see draft-ietf-oauth-status-list §8.2, RFC 9110 §13.1.2 */
async function sendList(
  { headers }: IncomingMessage,
  response: ServerResponse,
  { jwt, etag }: StatusListToken,
): Promise<void> {
  const isGzip = /(^|[\s,])gzip(?!\s*;\s*q=0(\.0*)?\s*(,|$))/i.test(headers['accept-encoding'] ?? '');
  const tag = `"${etag}${isGzip ? '-gzip' : ''}"`;
  response.setHeader('Cache-Control', 'no-cache');
  response.setHeader('Vary', 'Accept-Encoding');
  response.setHeader('ETag', tag);
  const held = headers['if-none-match']?.split(',').map((each) => each.trim().replace(/^W\//, '')) ?? [];
  if (held.includes(tag) || held.includes('*')) return void response.writeHead(304).end();
  if (isGzip) response.setHeader('Content-Encoding', 'gzip');
  send(response, `application/${STATUS_LIST_TYPE}`, isGzip ? await promisify(gzip)(jwt) : jwt);
}

/** Node omits the body in the answer to HEAD. */
function send(response: ServerResponse, type: string, body: string | Buffer): void {
  response.writeHead(200, { 'Content-Type': type, 'Content-Length': Buffer.byteLength(body) }).end(body);
}

function problem(response: ServerResponse, status: keyof typeof PROBLEMS): void {
  const error = status === 503 ? 'temporarily_unavailable' : 'invalid_request';
  writeJson(
    response,
    status,
    { error, error_description: PROBLEMS[status] },
    {
      ...(status === 405 && { Allow: 'GET, HEAD' }),
      ...(status === 503 && { 'Retry-After': RETRY_AFTER }),
    },
  );
}
