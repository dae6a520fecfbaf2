import { Gauge, type Registry } from 'prom-client';
import type { DatabaseDeadline } from '../database/deadline.js';
import type { SweepBacklog } from '../revocation/sweep/revocation-sweep.js';
import type { Sweeper } from '../revocation/sweep/sweeper.js';

/** Registers the metrics of the sweep. Each scrape queries the database; values are NaN while it does not answer. */
export function sweepMetrics(registry: Registry, sweeper: Sweeper, deadline: DatabaseDeadline): void {
  let asked: Promise<SweepBacklog | undefined> | undefined;
  const ask = async (): Promise<SweepBacklog | undefined> => {
    try {
      return await deadline.run(() => sweeper.backlog());
    } catch {
      return undefined;
    } finally {
      asked = undefined;
    }
  };
  const backlog = (): Promise<SweepBacklog | undefined> => (asked ??= ask()); // one query for both gauges
  registry.registerMetric(
    new Gauge({
      name: 'gtr_sweep_backlog',
      help: 'Revocations whose dead rows are not all deleted yet.',
      registers: [],
      async collect() {
        this.set((await backlog())?.revocations ?? NaN);
      },
    }),
  );
  registry.registerMetric(
    new Gauge({
      name: 'gtr_sweep_oldest_age_seconds',
      help: 'Age of the oldest revocation in the backlog; 0 if there is none.',
      registers: [],
      async collect() {
        const known = await backlog();
        const { oldestAt } = known ?? {};
        this.set(!known ? NaN : oldestAt === undefined ? 0 : Math.max(0, (Date.now() - oldestAt) / 1000));
      },
    }),
  );
}
