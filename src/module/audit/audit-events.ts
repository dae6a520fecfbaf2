import { Injectable, Logger } from '@nestjs/common';
import type { AuditEvent } from './audit-event.js';

/** Receives every event, during the request it belongs to. @publicApi */
export type AuditListener = (event: AuditEvent) => void;

/** Distributes audit events to logs, metrics and your listeners. @publicApi */
@Injectable()
export class AuditEvents {
  private readonly listeners = new Set<AuditListener>();
  private readonly logger = new Logger('GlobalRevocation');

  /** @param listener called synchronously and not awaited. @returns a function that unsubscribes it */
  subscribe(listener: AuditListener): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  /** Calls all listeners. A listener that throws is logged; the others still run. */
  emit(event: AuditEvent): void {
    for (const listener of this.listeners) {
      try {
        listener(event);
      } catch (error) {
        this.logger.error(`an audit event listener failed: ${String(error)}`);
      }
    }
  }
}
