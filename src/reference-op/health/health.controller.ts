import { Controller, Get, Inject } from '@nestjs/common';
import { HealthCheck, type HealthCheckResult, HealthCheckService } from '@nestjs/terminus';
import { Readiness } from './readiness.js';

const NOT_STORED = { noCache: true, swaggerDocumentation: false };

/** What a supervisor and a load balancer ask. */
@Controller()
export class HealthController {
  constructor(
    @Inject(HealthCheckService) private readonly health: HealthCheckService,
    @Inject(Readiness) private readonly readiness: Readiness,
  ) {}

  /** 200 while the process answers at all: whether it has to be restarted. It does not ask the database. */
  @Get('livez')
  @HealthCheck(NOT_STORED)
  alive(): Promise<HealthCheckResult> {
    return this.health.check([]);
  }

  /** 200 while requests can be sent here, else 503. */
  @Get('readyz')
  @HealthCheck(NOT_STORED)
  ready(): Promise<HealthCheckResult> {
    return this.health.check(this.readiness.checks());
  }
}
