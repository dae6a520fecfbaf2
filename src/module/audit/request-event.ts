import type { ServerResponse } from 'node:http';
import type { AuditEvent, EventReason } from './audit-event.js';
import { safeError } from './safe-error.js';
import { RequestContext, type RequestSteps } from './request-context.js';

/** For whoever wonders why a request never came to our checks. */
const BY_THE_HOST =
  'not the endpoint has answered but something of its application, in front of it: a guard for all routes (APP_GUARD) lets ' +
  'it through when it is marked with `controllerDecorators`';

/** The event of a request to the endpoint, when its answer is complete or its caller has hung up. @publicApi */
export function requestEvent(response: ServerResponse): AuditEvent {
  const { steps } = RequestContext.of(response.req);
  const reason = reasonOf(steps, response);
  return {
    message: reason === undefined ? 'user revoked' : `not revoked: ${reason}`,
    'event.action': 'revocation-request',
    'event.kind': 'event',
    'event.category': ['iam'],
    'event.outcome': reason === undefined ? 'success' : reason === 'aborted' ? 'unknown' : 'failure',
    ...defined({ 'event.reason': reason, 'event.id': steps.revocationId }),
    ...answerFields(response),
    ...stepFields(steps),
    ...(reason === 'other' && !steps.hasReachedGuards && { 'error.message': BY_THE_HOST }),
  };
}

/** What any request and its answer show. @publicApi */
export function answerFields(response: ServerResponse): Partial<AuditEvent> {
  const { requestId, traceId, begun } = RequestContext.of(response.req);
  return defined({
    'event.duration': Math.round((performance.now() - begun) * 1e6),
    'source.ip': sourceIp(response),
    'http.request.id': requestId,
    'http.request.method': response.req.method,
    'http.response.status_code': response.headersSent ? response.statusCode : undefined,
    'trace.id': traceId,
  });
}

/** What the steps of the endpoint found out. */
function stepFields({ tried, caller, refusal, format, identifierHash }: RequestSteps): Partial<AuditEvent> {
  const fault = refusal?.cause === undefined ? undefined : safeError(refusal.cause);
  return defined({
    'error.message': fault?.message ?? refusal?.details,
    'error.stack_trace': refusal && refusal.status >= 500 ? fault?.stack : undefined,
    'user.id': (caller ?? tried)?.id,
    'user.target.hash': identifierHash,
    'gtr.method': (caller ?? tried)?.method,
    'gtr.key_id': printable(caller?.keyId),
    'gtr.format': format,
    'gtr.assertion.jti': printable(caller?.assertion?.jti ?? refusal?.jti),
  });
}

function reasonOf({ tried, refusal, revocationId }: RequestSteps, response: ServerResponse): EventReason | undefined {
  if (refusal?.reason === 'invalidClient' && tried?.isDisabled) return 'clientDisabled';
  if (refusal) return refusal.reason;
  if (revocationId !== undefined) return undefined;
  return response.writableFinished ? 'other' : 'aborted';
}

/** The adapters put the address behind trusted proxies on Node's own request. */
const sourceIp = ({ req }: ServerResponse): string | undefined =>
  (req as typeof req & { ip?: string }).ip ?? req.socket.remoteAddress;

/** A stranger's text in a log line: cut, and without what could break the line. */
const printable = (text: string | undefined): string | undefined =>
  text?.slice(0, 255).replaceAll(/[\p{C}\p{Z}]/gu, '?');

/** Without what is undefined or empty. */
export const defined = <T extends object>(fields: { [K in keyof T]: T[K] | undefined }): Partial<T> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== '')) as Partial<T>;
