import { Injectable, Logger } from '@nestjs/common';
import type { AuditEvent } from './audit-event.js';

/** Told of every event, in the request that it belongs to. @publicApi */
export type AuditListener = (event: AuditEvent) => void;

/** Where events go, for logs, metrics and whoever else listens. @publicApi */
@Injectable()
export class AuditEvents {
  private readonly listeners = new Set<AuditListener>();
  private readonly logger = new Logger('GlobalRevocation');

  /** @param listener called at once and not awaited. @returns a function that ends it */
  subscribe(listener: AuditListener): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  /** Tells everybody. A listener that throws is logged and disturbs nobody. */
  emit(event: AuditEvent): void {
    for (const listener of this.listeners) {
      try {
        listener(event);
      } catch (error) {
        this.logger.error(`a listener to audit events failed: ${String(error)}`);
      }
    }
  }
}
