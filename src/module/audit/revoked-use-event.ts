import type { IncomingMessage } from 'node:http';
import type { AuditEvent } from './audit-event.js';
import { defined } from './request-event.js';
import { factsOf } from './request-facts.js';

/** The event of a credential that is presented after a revocation has ended it. Whose it was is not said. */
export function revokedUseEvent(kind: string, request: IncomingMessage | undefined): AuditEvent {
  const facts = request && factsOf(request);
  return {
    message: `a revoked credential was used: ${kind}`,
    'event.action': 'revoked-credential-used',
    'event.kind': 'event',
    'event.category': ['authentication'],
    'event.outcome': 'failure',
    'gtr.credential': kind,
    ...defined({ 'http.request.id': facts?.requestId, 'trace.id': facts?.traceId }),
  };
}
