import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { answerFields, RequestContext, requestEvent } from 'nestjs-global-revocation';
import type { Level, WriteLine } from './log-format.js';
import { refusalFields } from './provider-refusals.js';

/**
 * Writes one line for each request, once its answer is complete or the client has disconnected.
 *
 * @param route see {@link routes}
 */
export function logRequests(server: Server, line: WriteLine, route: (url: string | undefined) => string): void {
  server.prependListener('request', (request: IncomingMessage, response: ServerResponse) => {
    const path = route(request.url);
    const context = RequestContext.of(request);
    response.once('close', () => {
      const fields = context.steps.isForEndpoint ? requestEvent(response) : otherRequest(response);
      const status = fields['http.response.status_code'];
      const shown = { ...fields, 'http.route': path, message: `${request.method} ${path} ${status ?? 'aborted'}` };
      line(levelOf(fields), shown);
    });
  });
}

type RequestFields = ReturnType<typeof otherRequest> | ReturnType<typeof requestEvent>;

function otherRequest(response: ServerResponse) {
  const fields = { ...answerFields(response), ...refusalFields(response.req) };
  const { 'http.response.status_code': status, 'event.reason': reason } = fields;
  const outcome = status === undefined ? 'unknown' : status < 400 && reason === undefined ? 'success' : 'failure';
  const action = 'http-request' as const;
  return {
    'event.action': action,
    'event.kind': 'event',
    'event.category': ['web'],
    'event.outcome': outcome,
    ...fields,
  };
}

function levelOf(fields: RequestFields): Level {
  if ((fields['http.response.status_code'] ?? 0) >= 500) return 'error';
  return fields['event.action'] !== 'http-request' && fields['event.outcome'] !== 'success' ? 'warn' : 'info';
}
