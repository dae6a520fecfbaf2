import type { RevocationEvent } from '../options/revocation-listener.js';
import type { AuditEvent } from './audit-event.js';
import { defined } from './request-event.js';

/** Returns the event of a revocation. The account id and the host's reason are only in the record. */
export const revokedEvent = (revocation: RevocationEvent): AuditEvent => ({
  message: 'user revoked',
  'event.action': 'user-revoked',
  'event.kind': 'event',
  'event.category': ['iam'],
  'event.outcome': 'success',
  'event.id': revocation.id,
  'user.id': revocation.actor,
  'gtr.method': revocation.method,
  'gtr.matched': revocation.matched,
  ...defined({
    'user.target.hash': revocation.identifierHash,
    'source.ip': revocation.sourceIp,
    'http.request.id': revocation.requestId,
    'gtr.key_id': revocation.keyId,
    'gtr.format': revocation.format,
  }),
});
