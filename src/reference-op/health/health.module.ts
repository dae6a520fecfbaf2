import { Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { Draining } from './draining.js';
import { HealthController } from './health.controller.js';
import { Readiness } from './readiness.js';

/** Serves `/livez` and `/readyz`. Needs a global `GlobalRevocationModule`. */
@Module({
  imports: [TerminusModule.forRoot({ logger: false })],
  controllers: [HealthController],
  providers: [Draining, Readiness],
  exports: [Draining],
})
export class HealthModule {}
