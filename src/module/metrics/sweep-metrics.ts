import type { Registry } from 'prom-client';
import type { DatabaseDeadline } from '../database/deadline.js';
import type { SweepBacklog } from '../revocation/sweep/revocation-sweep.js';
import type { Sweeper } from '../revocation/sweep/sweeper.js';
import { ageOf, registerGauge } from './gauge.js';

/** Registers the metrics of the sweep. Each scrape queries the database; values are NaN while it does not answer. */
export function sweepMetrics(registry: Registry, sweeper: Sweeper, deadline: DatabaseDeadline): void {
  let asked: Promise<SweepBacklog> | undefined;
  // One query for both gauges
  const backlog = (): Promise<SweepBacklog> =>
    (asked ??= deadline.run(() => sweeper.backlog()).finally(() => (asked = undefined)));
  registerGauge(
    registry,
    'gtr_sweep_backlog',
    'Revocations whose dead rows are not all deleted yet.',
    async () => (await backlog()).revocations,
  );
  registerGauge(
    registry,
    'gtr_sweep_oldest_age_seconds',
    'Age of the oldest revocation in the backlog; 0 if there is none.',
    async () => ageOf((await backlog()).oldestAt),
  );
}
