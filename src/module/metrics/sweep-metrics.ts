import { Gauge, type Registry } from 'prom-client';
import type { DatabaseDeadline } from '../database/deadline.js';
import type { SweepBacklog } from '../revocation/sweep/revocation-sweep.js';
import type { Sweeper } from '../revocation/sweep/sweeper.js';

/** What is left to clear away; asked of the database at each scrape, NaN while it does not answer. */
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
  const backlog = (): Promise<SweepBacklog | undefined> => (asked ??= ask()); // both are scraped at once
  registry.registerMetric(
    new Gauge({
      name: 'gtr_sweep_backlog',
      help: 'Revocations whose dead rows have not all been cleared away.',
      registers: [],
      async collect() {
        this.set((await backlog())?.revocations ?? NaN);
      },
    }),
  );
  registry.registerMetric(
    new Gauge({
      name: 'gtr_sweep_oldest_age_seconds',
      help: 'Age of the oldest of them; 0 when there is none.',
      registers: [],
      async collect() {
        const known = await backlog();
        const { oldestAt } = known ?? {};
        this.set(!known ? NaN : oldestAt === undefined ? 0 : Math.max(0, (Date.now() - oldestAt) / 1000));
      },
    }),
  );
}
