import { Inject, Injectable, type OnModuleDestroy, Optional } from '@nestjs/common';
import { register, type Registry } from 'prom-client';
import type { DataSource } from 'typeorm';
import { AuditEvents } from '../audit/audit-events.js';
import { DatabaseDeadline } from '../database/deadline.js';
import { REVOCATION_DATA_SOURCE } from '../database/revocation-data-source.js';
import { AttemptCounts } from '../notifications/attempt-counts.js';
import { Deliveries } from '../notifications/deliveries.js';
import { GLOBAL_REVOCATION_OPTIONS, type ResolvedOptions } from '../options/global-revocation.options.js';
import { Sweeper } from '../revocation/sweep/sweeper.js';
import { UserDirectory } from '../subject/user-directory.js';
import { accountIdMetrics } from './account-id-metrics.js';
import { databaseMetrics } from './database-metrics.js';
import { notificationMetrics } from './notification-metrics.js';
import { requestMetrics } from './request-metrics.js';
import { sweepMetrics } from './sweep-metrics.js';

/** Injection token of the prom-client `Registry` to use. @default prom-client's global `register` @publicApi */
export const METRICS_REGISTRY = Symbol('METRICS_REGISTRY');

/**
 * Registers metrics of the endpoint, the sweeper and the database with prom-client. Provide it once per registry, in a
 * module that imports `GlobalRevocationModule`.
 *
 * @publicApi
 */
@Injectable()
export class RevocationMetrics implements OnModuleDestroy {
  private readonly stop: () => void;

  constructor(
    @Inject(AuditEvents) events: AuditEvents,
    @Inject(DatabaseDeadline) deadline: DatabaseDeadline,
    @Inject(Sweeper) sweeper: Sweeper,
    @Inject(UserDirectory) { attributes }: UserDirectory,
    @Inject(REVOCATION_DATA_SOURCE) dataSource: DataSource,
    @Inject(Deliveries) deliveries: Deliveries,
    @Inject(AttemptCounts) attempts: AttemptCounts,
    @Inject(GLOBAL_REVOCATION_OPTIONS) { notifications }: Pick<ResolvedOptions, 'notifications'>,
    @Optional() @Inject(METRICS_REGISTRY) registry: Registry = register,
  ) {
    const count = requestMetrics(registry, attributes);
    databaseMetrics(registry, dataSource, deadline);
    sweepMetrics(registry, sweeper, deadline);
    const oldest = async (): Promise<number | undefined> =>
      notifications.sinks.length === 0 ? undefined : deadline.run(() => deliveries.oldest());
    notificationMetrics(registry, attempts, oldest);
    accountIdMetrics(registry, dataSource, deadline);
    this.stop = events.subscribe(count);
  }

  /** Stops counting. */
  onModuleDestroy(): void {
    this.stop();
  }
}
