import { Gauge, type Registry } from 'prom-client';

/** Registers a gauge. @param read returns the value at each scrape, which is NaN if it throws */
export function registerGauge(
  registry: Registry,
  name: string,
  help: string,
  read: () => number | Promise<number>,
): void {
  registry.registerMetric(
    new Gauge({
      name,
      help,
      registers: [],
      async collect() {
        try {
          this.set(await read());
        } catch {
          this.set(NaN);
        }
      },
    }),
  );
}

/** Returns the age of something in seconds; 0 if there is none. @param at its time, UTC epoch milliseconds */
export const ageOf = (at: number | undefined): number => (at === undefined ? 0 : Math.max(0, (Date.now() - at) / 1000));
