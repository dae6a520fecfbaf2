import type { IncomingMessage } from 'node:http';
import type { AuditEvent } from './audit-event.js';
import { defined } from './request-event.js';
import { RequestContext } from './request-context.js';

/** Returns the event of a credential that was presented after its revocation. It does not name the user. */
export function revokedUseEvent(kind: string, request: IncomingMessage | undefined): AuditEvent {
  const context = request && RequestContext.of(request);
  return {
    message: `a revoked credential was used: ${kind}`,
    'event.action': 'revoked-credential-used',
    'event.kind': 'event',
    'event.category': ['authentication'],
    'event.outcome': 'failure',
    'gtr.credential': kind,
    ...defined({ 'http.request.id': context?.requestId, 'trace.id': context?.traceId }),
  };
}
