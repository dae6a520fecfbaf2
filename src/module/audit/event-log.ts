import { Inject, Injectable, Logger } from '@nestjs/common';
import { GLOBAL_REVOCATION_OPTIONS, type ResolvedOptions } from '../options/global-revocation.options.js';
import type { AuditEvent } from './audit-event.js';
import { AuditEvents } from './audit-events.js';
import { isRevocation } from './revoked-event.js';

/**
 * Writes audit events to Nest's logger as objects: every revocation, ended session, refused request and used revoked
 * credential.
 */
@Injectable()
export class EventLog {
  private readonly logger = new Logger('GlobalRevocation');

  constructor(
    @Inject(AuditEvents) events: AuditEvents,
    @Inject(GLOBAL_REVOCATION_OPTIONS) { logEvents }: ResolvedOptions,
  ) {
    if (logEvents) events.subscribe((event) => this.write(event));
  }

  private write(event: AuditEvent): void {
    const { 'event.action': action, 'event.outcome': outcome, 'http.response.status_code': status = 0 } = event;
    if (isRevocation(event) || action === 'session-logout-request') return this.logger.log(event);
    if (action === 'revoked-credential-used') return this.logger.warn(event);
    if (outcome === 'success') return;
    if (status >= 500) this.logger.error(event);
    else this.logger.warn(event);
  }
}
