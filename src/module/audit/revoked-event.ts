import { EVERYBODY_REALM, type RevocationEvent } from '../options/revocation-listener.js';
import type { AuditEvent } from './audit-event.js';
import { defined } from './request-event.js';

/** Returns whether an event says that a user, a realm or everybody was revoked. */
export const isRevocation = ({ 'event.action': action }: AuditEvent): boolean =>
  action === 'user-revoked' || action === 'realm-revoked';

/** Without the name of a realm, which may contain anything: a log writes the message as it is. */
const messageOf = ({ realm }: RevocationEvent): string =>
  realm === '' ? 'user revoked' : realm === EVERYBODY_REALM ? 'everybody revoked' : 'realm revoked';

/** Returns the event of a revocation. The account id and the host's reason are only in the record. */
export const revokedEvent = (revocation: RevocationEvent): AuditEvent => ({
  message: messageOf(revocation),
  'event.action': revocation.realm === '' ? 'user-revoked' : 'realm-revoked',
  'event.kind': 'event',
  'event.category': ['iam'],
  'event.outcome': 'success',
  'event.id': revocation.id,
  'user.id': revocation.actor,
  'gtr.method': revocation.method,
  ...(revocation.realm === '' ? { 'gtr.matched': revocation.matched } : { 'gtr.realm': revocation.realm }),
  ...defined({
    'user.target.hash': revocation.identifierHash,
    'source.ip': revocation.sourceIp,
    'http.request.id': revocation.requestId,
    'gtr.key_id': revocation.keyId,
    'gtr.format': revocation.format,
  }),
});
