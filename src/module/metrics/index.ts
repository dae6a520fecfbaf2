export { METRICS_REGISTRY, RevocationMetrics } from './revocation-metrics.js';
