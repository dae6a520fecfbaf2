import type { IncomingMessage, ServerResponse } from 'node:http';
import { Inject, Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { RequestContext } from '../audit/request-context.js';
import { EndpointRoute } from '../http/endpoint-route.js';
import { type Interceptor, interceptRequests } from '../http/http-adapter.js';
import { type RefusalReason, RevocationError } from '../revocation.errors.js';
import { EndpointObserver } from './endpoint-observer.js';
import { writeRefusal } from './refusal.js';
import { keepBody } from './request-body.js';
import { headRefusal } from './request-head.js';

/**
 * Step 0, before the host's body parser and all guards: only POST, JSON, uncompressed, at most 8 kB. The raw bytes are
 * parsed after the guards, so that malformed JSON of an unauthenticated caller is answered 401.
 *
 * @see draft-parecki-oauth-global-token-revocation-06 §3.1, §3.2
 */
@Injectable()
export class EndpointMiddleware {
  constructor(
    @Inject(HttpAdapterHost) host: HttpAdapterHost,
    @Inject(EndpointRoute) route: EndpointRoute,
    @Inject(EndpointObserver) observer: EndpointObserver,
  ) {
    const intercept: Interceptor = (request, response, next) => {
      if (!route.isAt(request.url)) return next();
      RequestContext.of(request).endpointReached();
      void admit(request, response, observer.observe(request, response, next));
    };
    // Fires immediately under NestFactory, later under @nestjs/testing, and without an adapter in a context such as the CLI's.
    host.init$.subscribe(() => {
      const adapter = host.httpAdapter as typeof host.httpAdapter | null;
      if (adapter)
        interceptRequests(adapter, intercept, (request) => RequestContext.of(request).steps.body !== undefined);
    });
  }
}

async function admit(request: IncomingMessage, response: ServerResponse, next: () => void): Promise<void> {
  const reason = headRefusal(request) ?? (await keepBody(request));
  if (reason) refuse(request, response, reason);
  else next();
}

function refuse(request: IncomingMessage, response: ServerResponse, reason: RefusalReason): void {
  const refusal = new RevocationError(reason);
  RequestContext.of(request).refused(refusal);
  for (const name of response.getHeaderNames()) response.removeHeader(name); // what the adapter set before
  writeRefusal(response, refusal);
  request.resume();
}
