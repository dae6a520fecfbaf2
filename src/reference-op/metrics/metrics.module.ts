import { Module } from '@nestjs/common';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { METRICS_REGISTRY, RevocationMetrics } from 'nestjs-global-revocation/metrics';
import { MetricsController } from './metrics.controller.js';
import { MetricsPort } from './metrics-port.js';

/** Creates a registry with the metrics of the process. */
function processRegistry(): Registry {
  const register = new Registry();
  collectDefaultMetrics({ register });
  return register;
}

/** Serves `/metrics`. Needs a global `GlobalRevocationModule`. */
@Module({
  controllers: [MetricsController],
  providers: [{ provide: METRICS_REGISTRY, useFactory: processRegistry }, RevocationMetrics, MetricsPort],
})
export class MetricsModule {}
