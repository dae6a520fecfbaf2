import { AsyncResource } from 'node:async_hooks';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AuditEvent } from '../audit/audit-event.js';
import type { AuditEvents } from '../audit/audit-events.js';
import { RequestContext } from '../audit/request-context.js';
import { defined, doneBy, requestEvent } from '../audit/request-event.js';
import { requestSpan } from '../http/tracing.js';

/**
 * Records a request to the endpoint: a span, and an audit event when the response is closed.
 *
 * @returns `next` in the span of the request; keeps its asynchronous context after the body was read
 */
export function observe(
  events: AuditEvents,
  request: IncomingMessage,
  response: ServerResponse,
  next: () => void,
): () => void {
  const { stateId } = RequestContext.of(request).steps;
  const span = requestSpan(stateId === undefined ? 'POST gtr' : 'GET gtr', request.headers);
  response.once('close', () => {
    const event = requestEvent(response);
    span.end(spanFields(event), event['event.reason']);
    events.emit(event);
  });
  const context = new AsyncResource('gtr.request');
  return () => context.runInAsyncScope(() => span.run(next));
}

/** Fields of an event that a span may show; none identifies the user. */
function spanFields(event: AuditEvent): Record<string, string | number> {
  const { 'http.request.method': method, 'http.response.status_code': status } = event;
  const fields = {
    'http.request.method': method,
    'http.response.status_code': status,
    'gtr.result': event['event.reason'] ?? doneBy(event),
    'gtr.method': event['gtr.method'],
    'gtr.format': event['gtr.format'],
  };
  return defined<Record<string, string | number>>(fields) as Record<string, string | number>;
}
