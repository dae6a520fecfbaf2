import { Inject, Injectable, Logger } from '@nestjs/common';
import {
  type HealthCheckAttempt,
  type HealthIndicatorFunction,
  type HealthIndicatorResult,
  HealthIndicatorService,
} from '@nestjs/terminus';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { DatabaseDeadline, pendingMigrations, probeWrite, safeError } from 'nestjs-global-revocation';
import { Draining } from './draining.js';

/** How long all requests share one answer of the database, in milliseconds, because anybody can send requests. */
const FRESH_MS = 1000;

/** Checks whether this node can serve. The answer names the part that cannot; the reason is only in the log. */
@Injectable()
export class Readiness {
  private readonly logger = new Logger(Readiness.name);

  constructor(
    @Inject(HealthIndicatorService) private readonly indicators: HealthIndicatorService,
    @InjectDataSource() private readonly dataSource: DataSource,
    @Inject(DatabaseDeadline) private readonly deadline: DatabaseDeadline,
    @Inject(Draining) private readonly draining: Draining,
  ) {}

  /** Returns the checks; none but `shutdown` once the server is about to stop. */
  checks(): HealthIndicatorFunction[] {
    if (this.draining.isDraining) return [() => this.shutdown()];
    return [
      () => this.attempt('database', () => probeWrite(this.dataSource)),
      () => this.attempt('migrations', () => this.expectMigrated()),
    ];
  }

  private shutdown(): HealthIndicatorResult {
    return this.indicators.check('shutdown').down('the server is about to stop');
  }

  private attempt(name: string, work: () => Promise<void>): HealthCheckAttempt {
    const reported = async (): Promise<void> => {
      try {
        await this.deadline.run(work);
      } catch (error) {
        const { message } = safeError(error instanceof Error ? (error.cause ?? error) : error);
        this.logger.warn(`not ready: ${name}: ${message}`);
        throw new Error('see the log', { cause: error });
      }
    };
    return this.indicators.check(name).attempt(reported).cacheFor(FRESH_MS);
  }

  private async expectMigrated(): Promise<void> {
    const pending = await pendingMigrations(this.dataSource);
    if (pending.length > 0) throw new Error(`pending: ${pending.join(', ')}`);
  }
}
