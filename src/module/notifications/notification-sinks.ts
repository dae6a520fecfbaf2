import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { findProvider } from '../options/find-provider.js';
import { GLOBAL_REVOCATION_OPTIONS, type ResolvedOptions } from '../options/global-revocation.options.js';
import type { NotificationSink } from '../options/notification-sink.js';

const NAME_MAX = 64;

/** The sinks of the option `notifications`, by name. */
@Injectable()
export class NotificationSinks implements OnModuleInit {
  private found?: ReadonlyMap<string, NotificationSink>;

  constructor(
    @Inject(GLOBAL_REVOCATION_OPTIONS) private readonly options: Pick<ResolvedOptions, 'notifications'>,
    @Inject(ModuleRef) private readonly modules: ModuleRef,
  ) {}

  /**
   * Looks for them, unless this process sends nothing.
   *
   * @throws Error if a sink is not provided, not in the default scope, or has no name of its own
   */
  onModuleInit(): void {
    if (this.options.notifications.intervalMs > 0) void this.byName;
  }

  get byName(): ReadonlyMap<string, NotificationSink> {
    return (this.found ??= this.find());
  }

  private find(): ReadonlyMap<string, NotificationSink> {
    const sinks = new Map<string, NotificationSink>();
    for (const type of this.options.notifications.sinks) {
      const sink = findProvider(this.modules, type, 'notifications.sinks');
      const where = `GlobalRevocationModule: notifications.sinks: ${type.name}`;
      if (typeof sink.recipients !== 'function' || typeof sink.send !== 'function')
        throw new Error(`${where} has no recipients() or no send()`);
      if (typeof sink.name !== 'string' || sink.name === '' || sink.name.length > NAME_MAX)
        throw new Error(`${where}: \`name\` must be text of 1 to ${NAME_MAX} characters`);
      if (sinks.has(sink.name)) throw new Error(`${where}: another sink is called '${sink.name}': choose another name`);
      sinks.set(sink.name, sink);
    }
    return sinks;
  }
}
