import { Controller, Get, Inject } from '@nestjs/common';
import { HealthCheck, type HealthCheckResult, HealthCheckService } from '@nestjs/terminus';
import { Readiness } from './readiness.js';

const NOT_STORED = { noCache: true, swaggerDocumentation: false };

/** The health checks for supervisors and load balancers. */
@Controller()
export class HealthController {
  constructor(
    @Inject(HealthCheckService) private readonly health: HealthCheckService,
    @Inject(Readiness) private readonly readiness: Readiness,
  ) {}

  /** Returns 200 while the process answers. It does not use the database; if it fails, restart the process. */
  @Get('livez')
  @HealthCheck(NOT_STORED)
  alive(): Promise<HealthCheckResult> {
    return this.health.check([]);
  }

  /** Returns 200 while this node can serve requests, otherwise 503. */
  @Get('readyz')
  @HealthCheck(NOT_STORED)
  ready(): Promise<HealthCheckResult> {
    return this.health.check(this.readiness.checks());
  }
}
