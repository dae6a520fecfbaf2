import { Counter, Gauge, type Registry } from 'prom-client';
import type { DataSource } from 'typeorm';
import type { DatabaseDeadline, DatabaseUse } from '../database/deadline.js';
import { registerGauge } from './gauge.js';
import { poolUse } from './pool-use.js';

/** Counters of {@link DatabaseDeadline}. */
const COUNTED: ReadonlyArray<readonly [name: string, key: keyof DatabaseUse, help: string]> = [
  [
    'gtr_database_retries_total',
    'retries',
    'Retries after a transient error, such as a deadlock or a lost connection.',
  ],
  ['gtr_database_timeouts_total', 'late', 'Statements and transactions that the database did not answer in time.'],
  ['gtr_database_refused_total', 'refused', 'Statements and transactions rejected because too many were in progress.'],
];

/** Registers the metrics of the database; they are read at each scrape. */
export function databaseMetrics(registry: Registry, dataSource: DataSource, { use }: DatabaseDeadline): void {
  for (const [name, key, help] of COUNTED) {
    registry.registerMetric(
      new Counter({
        name,
        help,
        registers: [],
        collect() {
          this.reset();
          this.inc(use[key]);
        },
      }),
    );
  }
  registerGauge(
    registry,
    'gtr_database_under_way',
    'Statements and transactions of requests that are in progress or wait for the database.',
    () => use.underWay,
  );
  if (poolUse(dataSource)) poolMetrics(registry, dataSource);
}

function poolMetrics(registry: Registry, dataSource: DataSource): void {
  registry.registerMetric(
    new Gauge({
      name: 'gtr_database_connections',
      help: 'Connections of the pool, in use and idle.',
      labelNames: ['state'],
      registers: [],
      collect() {
        const use = poolUse(dataSource);
        this.set({ state: 'in_use' }, use?.inUse ?? 0);
        this.set({ state: 'idle' }, use?.idle ?? 0);
      },
    }),
  );
  registerGauge(
    registry,
    'gtr_database_connections_max',
    'Maximum number of connections in the pool.',
    () => poolUse(dataSource)?.limit ?? 0,
  );
  registerGauge(
    registry,
    'gtr_database_connections_awaited',
    'Requests that wait for a connection from the pool.',
    () => poolUse(dataSource)?.waiting ?? 0,
  );
}
