import { setTimeout as sleep } from 'node:timers/promises';
import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  Logger,
  type OnModuleInit,
  type Type,
} from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import type { EntityManager } from 'typeorm';
import { AuditEvents } from '../audit/audit-events.js';
import { revokedEvent } from '../audit/revoked-event.js';
import { GLOBAL_REVOCATION_OPTIONS, type ResolvedOptions } from '../options/global-revocation.options.js';
import { findProvider } from '../options/find-provider.js';
import type { RevocationEvent, RevocationListener } from '../options/revocation-listener.js';

/** Longest wait for listeners at shutdown, in milliseconds. */
const SHUTDOWN_MS = 5000;

/** Calls the host's {@link RevocationListener}s in the order of the options, and emits an audit event. */
@Injectable()
export class RevocationListeners implements OnModuleInit, BeforeApplicationShutdown {
  private readonly logger = new Logger(RevocationListeners.name);
  private readonly running = new Set<Promise<void>>();
  private found?: RevocationListener[];

  constructor(
    @Inject(GLOBAL_REVOCATION_OPTIONS) private readonly options: Pick<ResolvedOptions, 'listeners'>,
    @Inject(ModuleRef) private readonly modules: ModuleRef,
    @Inject(AuditEvents) private readonly events: AuditEvents,
  ) {}

  /** @throws Error if a listener is not provided, not in the default scope, or has neither method */
  onModuleInit(): void {
    void this.listeners;
  }

  /** Before the database is closed. */
  async beforeApplicationShutdown(): Promise<void> {
    if (this.running.size > 0) await Promise.race([Promise.all(this.running), sleep(SHUTDOWN_MS)]);
  }

  /** Whether one takes part in the transaction. */
  get areInTransaction(): boolean {
    return this.listeners.some((listener) => 'inTransaction' in listener);
  }

  /** Calls one listener after another. The first that throws rolls back the transaction. */
  async inTransaction(event: RevocationEvent, manager: EntityManager): Promise<void> {
    for (const listener of this.listeners) await listener.inTransaction?.(event, manager);
  }

  /** Starts the listeners without waiting for them. */
  afterCommit(event: RevocationEvent): void {
    this.events.emit(revokedEvent(event));
    for (const listener of this.listeners) {
      const done: Promise<void> = this.tell(listener, event).finally(() => this.running.delete(done));
      this.running.add(done);
    }
  }

  private async tell(listener: RevocationListener, event: RevocationEvent): Promise<void> {
    try {
      await listener.afterCommit?.(event);
    } catch (error) {
      const what = `${listener.constructor.name}.afterCommit failed for revocation ${event.id}`;
      this.logger.error(what, error instanceof Error ? error.stack : String(error));
    }
  }

  private get listeners(): RevocationListener[] {
    return (this.found ??= this.options.listeners.map((type) => this.find(type)));
  }

  private find(type: Type<RevocationListener>): RevocationListener {
    const listener = findProvider(this.modules, type, 'listeners');
    if ('inTransaction' in listener || 'afterCommit' in listener) return listener;
    throw new Error(`GlobalRevocationModule: listeners: ${type.name} has neither inTransaction() nor afterCommit()`);
  }
}
