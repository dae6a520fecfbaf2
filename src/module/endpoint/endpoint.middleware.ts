import type { IncomingMessage, ServerResponse } from 'node:http';
import { Inject, Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { AuditEvents } from '../audit/audit-events.js';
import { RequestContext } from '../audit/request-context.js';
import { onHttpAdapter } from '../http/adapter-host.js';
import { EndpointRoute } from '../http/endpoint-route.js';
import { lastSegment } from '../http/request-target.js';
import { type Interceptor, interceptRequests, isRead } from '../http/http-adapter.js';
import { type RefusalReason, RevocationError } from '../revocation.errors.js';
import { observe } from './endpoint-observer.js';
import { writeRefusal } from './refusal.js';
import { keepBody } from './request-body.js';
import { headRefusal } from './request-head.js';

/**
 * Step 0, before the host's body parser and all guards: only POST, JSON, uncompressed, at most 8 kB. The raw bytes are
 * parsed after the guards, so that malformed JSON of an unauthenticated caller is answered 401. The body of a request for the state
 * of a revocation is ignored.
 *
 * @see draft-parecki-oauth-global-token-revocation-06 §3.1, §3.2
 */
@Injectable()
export class EndpointMiddleware {
  constructor(
    @Inject(HttpAdapterHost) host: HttpAdapterHost,
    @Inject(EndpointRoute) route: EndpointRoute,
    @Inject(AuditEvents) private readonly events: AuditEvents,
  ) {
    const take: Interceptor = (request, response, next) => {
      const context = RequestContext.of(request);
      const isState = route.isStateAt(request.url);
      if (context.steps.isForEndpoint || (isState && !isRead(request))) return next();
      context.endpointReached(isState ? lastSegment(request.url) : undefined);
      void admit(request, response, observe(this.events, request, response, next));
    };
    onHttpAdapter(host, (adapter) =>
      interceptRequests(adapter, {
        take,
        isOurs: (url) => route.isAt(url) || route.isStateAt(url),
        hasRead: (request) => RequestContext.of(request).steps.body !== undefined,
      }),
    );
  }

  /**
   * Applies this step to a request that reached the endpoint's guards without it, because the router reads paths more
   * leniently or the host has rewritten its URL.
   *
   * @throws RevocationError if this step refuses the request
   */
  async takeLate(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const context = RequestContext.of(request);
    context.endpointReached(isRead(request) ? lastSegment(request.url) : undefined);
    observe(this.events, request, response, () => {});
    const reason = await refusalOf(request);
    if (reason) throw new RevocationError(reason);
  }
}

async function refusalOf(request: IncomingMessage): Promise<RefusalReason | undefined> {
  const context = RequestContext.of(request);
  const readsState = context.steps.stateId !== undefined;
  const reason = headRefusal(request, readsState);
  if (reason || !readsState) return reason ?? keepBody(request);
  context.bodyRead(new Uint8Array()); // whatever it is
  return undefined;
}

const OF_CORS = /^(access-control-.*|vary)$/i;

async function admit(request: IncomingMessage, response: ServerResponse, next: () => void): Promise<void> {
  const reason = await refusalOf(request);
  if (reason) refuse(request, response, reason);
  else next();
}

function refuse(request: IncomingMessage, response: ServerResponse, reason: RefusalReason): void {
  const refusal = new RevocationError(reason);
  RequestContext.of(request).refused(refusal);
  // Drops headers of the adapter, except CORS headers, which let pages read the answer.
  for (const name of response.getHeaderNames()) if (!OF_CORS.test(name)) response.removeHeader(name);
  writeRefusal(response, refusal);
  request.resume();
}
