import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { inTransaction } from '../../../src/module/database/primary.js';
import { Deliveries } from '../../../src/module/notifications/deliveries.js';
import { Delivery } from '../../../src/module/notifications/delivery.entity.js';
import { Revocation } from '../../../src/module/index.js';
import { Leases } from '../../../src/module/notifications/leases.js';
import { MarkedRevocations } from '../../../src/module/notifications/marked-revocations.js';
import { pruneNotifications } from '../../../src/module/notifications/notification-retention.js';
import { OutboxEntry } from '../../../src/module/notifications/outbox-entry.entity.js';
import { describeEachDatabase } from '../../support/databases.js';
import { type NestHost, startNestHost } from '../../support/nest-host.js';
import { QueryPlans } from '../database/query-plans.js';
import { RecordingSink } from './recording-sink.js';

const REVOCATIONS = 4000;
const RECIPIENTS = 5;
const BATCH = 500;
const TEN_DAYS_AGO = Date.now() - 864_000_000;

describeEachDatabase('query plans of notifications', (database) => {
  let host: NestHost;
  let plans: QueryPlans;

  /** All finished but those of the last ten revocations. */
  beforeAll(async () => {
    const notifications = { sinks: [RecordingSink], intervalMs: 0 };
    host = await startNestHost(database, { module: { providers: [RecordingSink] }, options: { notifications } });
    plans = await QueryPlans.open(database, host.databaseUrl);
    const entries = Array.from({ length: REVOCATIONS }, (_, n) => ({
      ...{ id: randomUUID(), subject: `user-${n}`, epochBefore: 1, epochAfter: 2, createdAt: TEN_DAYS_AGO - n },
      ...{ priority: 0, attempts: 1, dueAt: null, finishedAt: TEN_DAYS_AGO - n, claimedBy: null, progress: '' },
    }));
    const deliveries = entries.flatMap(({ id, subject, finishedAt }, n) =>
      Array.from({ length: RECIPIENTS }, (_, recipient) => ({
        ...{ id: `${id}-${recipient}`, outboxId: id, sink: 'recording', recipient: `recipient-${recipient}`, subject },
        ...{ data: '', state: n < 10 ? 'waiting' : 'delivered', answer: '', priority: 0, attempts: 1, claimedBy: null },
        ...(n < 10 ? { dueAt: 1, finishedAt: null } : { dueAt: null, finishedAt }),
      })),
    );
    const records = entries.map(({ id, subject, epochBefore, epochAfter, createdAt }, n) => ({
      ...{ id, subject, subjectHash: id, epochBefore, epochAfter, createdAt, completedAt: createdAt, actor: 'test' },
      ...{ method: 'in_process', format: '', matched: 1, sourceIp: '', reason: '', sessions: 0, tokens: 0 },
      toNotify: n < 10 ? 1 : null,
    }));
    const { manager } = host.dataSource;
    for (let at = 0; at < records.length; at += BATCH)
      await manager.insert(Revocation, records.slice(at, at + BATCH) as never);
    for (let at = 0; at < entries.length; at += BATCH)
      await manager.insert(OutboxEntry, entries.slice(at, at + BATCH) as never);
    for (let at = 0; at < deliveries.length; at += BATCH)
      await manager.insert(Delivery, deliveries.slice(at, at + BATCH) as never);
    await plans.analyze('gtr_revocation', 'gtr_outbox', 'gtr_delivery');
  });
  afterAll(async () => {
    await plans.close();
    await host.stop();
  });

  const deliveries = (): Deliveries => host.app.get(Deliveries);
  const work: Array<[title: string, work: () => Promise<unknown>]> = [
    ['due revocations', () => new Leases(host.dataSource, 'gtr_outbox').claim(() => [])],
    ['due deliveries', () => new Leases(host.dataSource, 'gtr_delivery').claim(() => [])],
    ['records to move to the outbox', () => new MarkedRevocations(host.dataSource, () => false).move()],
    ['old rows to delete', () => pruneNotifications(host.dataSource, BATCH)],
    ['the state of a revocation', () => deliveries().counts(randomUUID())],
    ['whether a revocation has further recipients', () => deliveries().isExpanding(randomUUID())],
    ['the oldest that is pending', () => deliveries().oldest()],
    ['the backlogs of recipients', () => deliveries().backlogs('recording', ['recipient-1', 'recipient-2'])],
    ['failing recipients', () => deliveries().failing()],
    ['deliveries of a revocation', () => deliveries().latest({ limit: 10, revocation: randomUUID() })],
    [
      'a repetition for an unknown recipient',
      async () => {
        const retried = inTransaction(host.dataSource, (manager) => deliveries().retry(manager, 'recipient-none'));
        await expect(retried).rejects.toThrow('there are no notifications');
      },
    ],
  ];

  test.each(work)('%s: no statement reads a whole table', async (_title, reads) => {
    const found = await plans.of(host.dataSource, reads);
    for (const { sql, whole } of found) expect(whole, sql).toEqual([]);
  });
});
