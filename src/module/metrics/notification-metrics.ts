import { Counter, type Registry } from 'prom-client';
import type { AttemptCounts } from '../notifications/attempt-counts.js';
import { ageOf, registerGauge } from './gauge.js';

/**
 * Registers the metrics of notifications.
 *
 * @param oldest returns the time of the oldest revocation that somebody is still to be told, UTC epoch milliseconds; undefined if
 *   there is none. Each scrape asks; the value is NaN if it throws
 */
export function notificationMetrics(
  registry: Registry,
  attempts: AttemptCounts,
  oldest: () => Promise<number | undefined>,
): void {
  registry.registerMetric(
    new Counter({
      name: 'gtr_notification_attempts_total',
      help: 'Attempts by this process to tell a recipient about a revocation.',
      labelNames: ['sink', 'outcome'],
      registers: [],
      collect() {
        this.reset();
        for (const { count, ...labels } of attempts.all) this.inc(labels, count);
      },
    }),
  );
  registerGauge(
    registry,
    'gtr_notification_oldest_age_seconds',
    'Age of the oldest revocation that has not reached every recipient; 0 if there is none.',
    async () => ageOf(await oldest()),
  );
}
