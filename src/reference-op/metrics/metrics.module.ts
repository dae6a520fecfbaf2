import { Module } from '@nestjs/common';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { METRICS_REGISTRY, RevocationMetrics } from 'nestjs-global-revocation/metrics';
import { MetricsController } from './metrics.controller.js';
import { MetricsPort } from './metrics-port.js';

/** Those of the process beside our own. */
function processRegistry(): Registry {
  const register = new Registry();
  collectDefaultMetrics({ register });
  return register;
}

/** `/metrics`. Needs a `GlobalRevocationModule` that is global. */
@Module({
  controllers: [MetricsController],
  providers: [{ provide: METRICS_REGISTRY, useFactory: processRegistry }, RevocationMetrics, MetricsPort],
})
export class MetricsModule {}
