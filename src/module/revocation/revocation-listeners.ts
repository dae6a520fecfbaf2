import { setTimeout as sleep } from 'node:timers/promises';
import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  Logger,
  type OnModuleInit,
  Scope,
  type Type,
} from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import type { EntityManager } from 'typeorm';
import { AuditEvents } from '../audit/audit-events.js';
import { revokedEvent } from '../audit/revoked-event.js';
import { GLOBAL_REVOCATION_OPTIONS, type ResolvedOptions } from '../options/global-revocation.options.js';
import type { RevocationEvent, RevocationListener } from '../options/revocation-listener.js';

/** How long a shutdown waits for what listeners do after a COMMIT, in milliseconds. */
const SHUTDOWN_MS = 5000;

/** Tells of each revocation: the host's {@link RevocationListener}s in the order of the options, and who listens to events. */
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

  /** @throws Error when a listener of the options is not there, not in the default scope, or has neither method */
  onModuleInit(): void {
    void this.listeners;
  }

  /** Before the database is closed. */
  async beforeApplicationShutdown(): Promise<void> {
    if (this.running.size > 0) await Promise.race([Promise.all(this.running), sleep(SHUTDOWN_MS)]);
  }

  /** One after another; the first that throws ends the transaction. */
  async inTransaction(event: RevocationEvent, manager: EntityManager): Promise<void> {
    for (const listener of this.listeners) await listener.inTransaction?.(event, manager);
  }

  /** Returns at once. */
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

  /** Wherever it is provided, so that it is made where its own dependencies are. */
  private find(type: Type<RevocationListener>): RevocationListener {
    const name = `GlobalRevocationModule: listeners: ${type.name}`;
    let scope: Scope;
    try {
      ({ scope = Scope.DEFAULT } = this.modules.introspect(type));
    } catch (cause) {
      throw new Error(`${name} is missing: add it to the providers of a module`, { cause });
    }
    if (scope !== Scope.DEFAULT) {
      throw new Error(`${name}: it or what it depends on is request-scoped or transient: give it the default scope`);
    }
    const listener = this.modules.get(type, { strict: false });
    if ('inTransaction' in listener || 'afterCommit' in listener) return listener;
    throw new Error(`${name} has neither inTransaction() nor afterCommit()`);
  }
}
