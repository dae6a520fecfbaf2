/**
 * Metrics for Prometheus.
 *
 * @module nestjs-global-revocation/metrics
 */
export { METRICS_REGISTRY, RevocationMetrics } from './revocation-metrics.js';
