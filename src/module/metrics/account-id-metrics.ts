import type { Registry } from 'prom-client';
import type { DataSource } from 'typeorm';
import type { DatabaseDeadline } from '../database/deadline.js';
import { missedEpochs } from '../revocation/missed-epochs.js';
import { registerGauge } from './gauge.js';

/** Registers how many recent revocations found no epoch. Each scrape queries the database; NaN while it does not answer. */
export function accountIdMetrics(registry: Registry, dataSource: DataSource, deadline: DatabaseDeadline): void {
  registerGauge(
    registry,
    'gtr_recent_revocations_without_epoch',
    'Of the last 100 revocations, those whose user had never signed in under the revoked account id.',
    async () => (await deadline.run(() => missedEpochs(dataSource))).missed,
  );
}
