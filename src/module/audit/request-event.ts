import type { ServerResponse } from 'node:http';
import type { AuditEvent, EventReason } from './audit-event.js';
import { sourceIp } from '../http/source-address.js';
import { safeError } from './safe-error.js';
import { RequestContext, type RequestSteps } from './request-context.js';

/** Hint for requests that never reached the guards of the endpoint. */
const BY_THE_HOST =
  'another part of the application answered before the endpoint: to let requests pass a global guard (APP_GUARD), mark the ' +
  'endpoint with `controllerDecorators`';

/** Returns the event of a request to the endpoint after its answer is complete or its caller has disconnected. @publicApi */
export function requestEvent(response: ServerResponse): AuditEvent {
  const { steps } = RequestContext.of(response.req);
  const reason = reasonOf(steps, response);
  return {
    ...answerOf(steps, reason),
    'event.kind': 'event',
    'event.category': ['iam'],
    'event.outcome': reason === undefined ? 'success' : reason === 'aborted' ? 'unknown' : 'failure',
    ...defined({ 'event.reason': reason, 'event.id': steps.revocationId }),
    ...answerFields(response),
    ...stepFields(steps),
    ...(reason === 'other' && !steps.hasReachedGuards && { 'error.message': BY_THE_HOST }),
  };
}

function answerOf(steps: RequestSteps, reason?: EventReason): Pick<AuditEvent, 'message' | 'event.action'> {
  if (steps.hasEndedSession) return { message: 'upstream session ended', 'event.action': 'session-logout-request' };
  if (steps.stateId !== undefined) {
    const message = reason === undefined ? 'state of a revocation read' : `state of a revocation not read: ${reason}`;
    return { message, 'event.action': 'revocation-state-request' };
  }
  const message = reason === undefined ? 'user revoked' : `not revoked: ${reason}`;
  return { message, 'event.action': 'revocation-request' };
}

const DONE: Partial<Record<AuditEvent['event.action'], string>> = {
  'revocation-state-request': 'state',
  'session-logout-request': 'session_ended',
};

/** What a successful request did, in one word for metrics and traces. */
export const doneBy = ({ 'event.action': action }: AuditEvent): string => DONE[action] ?? 'revoked';

/** Returns the fields that every request and answer has. @publicApi */
export function answerFields(response: ServerResponse): Partial<AuditEvent> {
  const { requestId, traceId, begun } = RequestContext.of(response.req);
  return defined({
    'event.duration': Math.round((performance.now() - begun) * 1e6),
    'source.ip': sourceIp(response.req),
    'http.request.id': requestId,
    'http.request.method': response.req.method,
    'http.response.status_code': response.headersSent ? response.statusCode : undefined,
    'trace.id': traceId,
  });
}

function stepFields({ tried, caller, refusal, format, identifierHash }: RequestSteps): Partial<AuditEvent> {
  const cause = refusal?.cause === undefined ? undefined : safeError(refusal.cause);
  return defined({
    'error.message': cause?.message ?? refusal?.details,
    'error.stack_trace': refusal && refusal.status >= 500 ? cause?.stack : undefined,
    'user.id': (caller ?? tried)?.id,
    'user.target.hash': identifierHash,
    'gtr.method': (caller ?? tried)?.method,
    'gtr.key_id': printable(caller?.keyId),
    'gtr.format': format,
    'gtr.assertion.jti': printable(caller?.assertion?.jti ?? refusal?.jti),
  });
}

function reasonOf(
  { tried, refusal, revocationId, hasEndedSession }: RequestSteps,
  response: ServerResponse,
): EventReason | undefined {
  if (refusal?.reason === 'invalidClient' && tried?.isDisabled) return 'clientDisabled';
  if (refusal) return refusal.reason;
  if (revocationId !== undefined || hasEndedSession) return undefined;
  return response.writableFinished ? 'other' : 'aborted';
}

/** Truncates text and replaces characters that could break a log line. */
const printable = (text: string | undefined): string | undefined =>
  text?.slice(0, 255).replaceAll(/[\p{C}\p{Z}]/gu, '?');

/** Removes undefined and empty values. */
export function defined<T extends object>(fields: { [K in keyof T]: T[K] | undefined }): Partial<T> {
  const kept: Partial<T> = {};
  for (const name in fields) {
    const value = fields[name];
    if (value !== undefined && value !== '') kept[name] = value;
  }
  return kept;
}
