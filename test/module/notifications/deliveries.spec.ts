import { randomUUID } from 'node:crypto';
import type { Type } from '@nestjs/common';
import { afterEach, expect, test, vi } from 'vitest';
import { inTransaction } from '../../../src/module/database/primary.js';
import {
  DeliveryError,
  type GlobalRevocationOptions,
  type NotificationSink,
  RevocationService,
} from '../../../src/module/index.js';
import { ATTEMPTS_MAX } from '../../../src/module/notifications/backoff.js';
import { Deliveries } from '../../../src/module/notifications/deliveries.js';
import { Delivery } from '../../../src/module/notifications/delivery.entity.js';
import { MarkedRevocations } from '../../../src/module/notifications/marked-revocations.js';
import { pruneNotifications } from '../../../src/module/notifications/notification-retention.js';
import { OutboxEntry } from '../../../src/module/notifications/outbox-entry.entity.js';
import { Outbox } from '../../../src/module/notifications/outbox.js';
import { describeEachDatabase } from '../../support/databases.js';
import { type NestHost, startNestHost } from '../../support/nest-host.js';
import { shorten } from '../../support/shorten.js';
import { RecordingSink, recipients } from './recording-sink.js';

const PATIENT = { timeout: 40_000, interval: 20 };
const DAY_MS = 86_400_000;

/** A failure that is not repeated until a test lets time pass. */
const later = (message: string): Error => new DeliveryError(message, { retryAfterMs: 3_600_000 });

describeEachDatabase('notifications', (database) => {
  const hosts: NestHost[] = [];

  /** A node; the first has the database. Its job sleeps unless it is told how long to wait. */
  async function start(intervalMs = 0, options: Partial<GlobalRevocationOptions['notifications']> = {}) {
    const sinks: Array<Type<NotificationSink>> = [RecordingSink];
    const host = await startNestHost(database, {
      module: { providers: [RecordingSink] },
      options: { notifications: { sinks, intervalMs, ...options } },
      ...(hosts[0] && { databaseUrl: hosts[0].databaseUrl }),
    });
    hosts.push(host);
    return { ...host, sink: host.app.get(RecordingSink, { strict: false }) };
  }
  afterEach(async () => {
    vi.restoreAllMocks();
    RecordingSink.firstPages = [['one']];
    for (const { app } of hosts) app.get(RecordingSink, { strict: false }).letGo();
    for (const host of hosts.splice(0).toReversed()) await host.stop();
  });

  const revoke = ({ app }: NestHost, subject = 'alice'): Promise<string> =>
    app.get(RevocationService).revoke(subject, { actor: 'test' });
  const entries = ({ dataSource }: NestHost) => dataSource.manager.find(OutboxEntry);
  const deliveries = ({ dataSource }: NestHost) => dataSource.manager.find(Delivery, { order: { recipient: 'ASC' } });
  const states = async (host: NestHost): Promise<string[]> => (await deliveries(host)).map(({ state }) => state);
  const until = (check: () => Promise<void> | void): Promise<void> => vi.waitFor(check, PATIENT);

  /** As if all leases and waits were over. */
  async function passTime({ dataSource }: NestHost): Promise<void> {
    for (const table of ['gtr_outbox', 'gtr_delivery'])
      await dataSource.query(`UPDATE ${table} SET due_at = 1 WHERE due_at IS NOT NULL`);
  }

  test('everybody is revoked without a record: a row is written, unless no sink is configured', async () => {
    const [node, without] = [await start(), await start(0, { sinks: [] })];
    const raise = ({ app, dataSource }: NestHost): Promise<void> =>
      inTransaction(dataSource, (manager) => app.get(Outbox).writeEverybody(manager));
    await raise(without);
    expect(await entries(node)).toEqual([]);
    await raise(node);
    expect(await entries(node)).toMatchObject([
      { subject: '', realm: 'everybody', epochBefore: 0, epochAfter: 0, priority: 1 },
    ]);
  });

  test('a sink that takes long does not keep others from continuing with later revocations', async () => {
    const node = await start(600_000);
    node.sink.onAsk = () => node.sink.hang();
    await revoke(node);
    await until(() => expect(node.sink.asked).toHaveLength(1));
    await revoke(node, 'bob');
    await until(async () => expect(await entries(node)).toHaveLength(2));
    const other = await start(600_000);
    await until(async () => expect(await states(node)).toEqual(['delivered']));
    expect(other.sink.asked.map(({ revocation }) => revocation.subject)).toEqual(['bob']);
  });

  test('each recipient of each page is told once, about this revocation', async () => {
    const node = await start(600_000);
    node.sink.pages = [recipients(150), ['last', 'last'], []];
    const id = await revoke(node);
    await until(async () => expect(await states(node)).toEqual(Array(151).fill('delivered')));
    expect(node.sink.names).toEqual(['last', ...recipients(150)]);
    expect(node.sink.asked.map(({ page }) => page)).toEqual([undefined, '1', '2']);
    const { epochBefore, epochAfter, createdAt } = (await entries(node))[0]!;
    const revocation = { id, subject: 'alice', realm: '', epochBefore, epochAfter, createdAt };
    expect(node.sink.told[0]).toMatchObject({ revocation, subject: 'alice', data: '', attempt: 1 });
    expect(node.sink.asked[0]!.revocation).toEqual(revocation);
    expect(await entries(node)).toMatchObject([{ dueAt: null, finishedAt: expect.any(Number) }]);
  });

  test('500 recipients are told within seconds although one hangs', async () => {
    const node = await start(600_000);
    node.sink.pages = [recipients(500)];
    const [hanging] = node.sink.pages[0] as [string];
    node.sink.onSend = ({ recipient }) => (recipient === hanging ? node.sink.hang() : Promise.resolve());
    await revoke(node);
    await until(async () => expect((await states(node)).filter((each) => each === 'delivered')).toHaveLength(499));
    expect(new Set(node.sink.names).size).toBe(500);
  });

  test('a recipient with many notifications that hang does not hold up the others', async () => {
    const node = await start(600_000, { parallel: 8 });
    const [hanging, most] = [new Set<string>(), { atOnce: 0 }];
    node.sink.onSend = async ({ id, recipient }, signal) => {
      if (recipient !== 'hangs') return;
      hanging.add(id);
      signal.addEventListener('abort', () => hanging.delete(id));
      most.atOnce = Math.max(most.atOnce, hanging.size);
      await node.sink.hang();
    };
    node.sink.pages = [[...Array.from({ length: 20 }, (_, i) => `hangs#${i}`), 'fast']];
    await revoke(node);
    await until(async () => expect(await states(node)).toContain('delivered'));
    expect(most.atOnce).toBe(4);
  });

  test('an attempt that takes too long is aborted and repeated', async () => {
    const node = await start(50);
    shorten(10_000, 300);
    const aborted: boolean[] = [];
    node.sink.onSend = (_notification, signal) => {
      signal.addEventListener('abort', () => aborted.push(true));
      return node.sink.hang();
    };
    await revoke(node);
    await until(async () => {
      expect(await deliveries(node)).toMatchObject([
        { state: 'waiting', answer: 'recording.send() took longer than 10000 ms', claimedBy: null },
      ]);
    });
    expect(aborted).toContain(true);
  });

  test('a failed attempt is repeated later, and a later success counts', async () => {
    const node = await start(20);
    node.sink.onSend = ({ attempt }) => (attempt < 3 ? Promise.reject(later('busy')) : Promise.resolve());
    await revoke(node);
    const failed = (attempts: number) =>
      until(async () => {
        expect(await deliveries(node)).toMatchObject([{ state: 'waiting', attempts, answer: 'busy', claimedBy: null }]);
      });
    await failed(1);
    await passTime(node);
    await failed(2);
    await passTime(node);
    await until(async () => expect(await deliveries(node)).toMatchObject([{ state: 'delivered', attempts: 3 }]));
    expect(node.sink.told.map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
    expect(new Set(node.sink.told.map(({ id }) => id)).size).toBe(1);
  });

  test('a recipient can ask for more time', async () => {
    const node = await start(20);
    node.sink.onSend = () => Promise.reject(new DeliveryError('status 429', { retryAfterMs: 7_200_000 }));
    await revoke(node);
    await until(async () => expect(await deliveries(node)).toMatchObject([{ state: 'waiting', answer: 'status 429' }]));
    const [{ dueAt }] = (await deliveries(node)) as [Delivery];
    expect(dueAt! - Date.now()).toBeGreaterThan(7_000_000);
    expect(node.sink.told).toHaveLength(1);
  });

  test('a final failure is not repeated, and counts', async () => {
    const node = await start(20);
    node.sink.onSend = () => Promise.reject(new DeliveryError('status 400', { isFinal: true }));
    const id = await revoke(node);
    await until(async () => {
      expect(await deliveries(node)).toMatchObject([
        { state: 'dead', attempts: 1, answer: 'status 400', dueAt: null, finishedAt: expect.any(Number) },
      ]);
    });
    const [{ finishedAt }] = (await deliveries(node)) as [Delivery];
    expect(await node.app.get(Deliveries).counts(id)).toEqual([{ state: 'dead', deliveries: 1, finishedAt }]);
  });

  test(`is dead after ${ATTEMPTS_MAX} attempts`, async () => {
    const node = await start(20);
    node.sink.onSend = () => Promise.reject(later('down'));
    await revoke(node);
    for (let attempts = 1; attempts < ATTEMPTS_MAX; attempts += 1) {
      await until(async () => {
        expect(await deliveries(node)).toMatchObject([{ state: 'waiting', attempts, claimedBy: null }]);
      });
      await passTime(node);
    }
    await until(async () => expect(await states(node)).toEqual(['dead']));
    expect(node.sink.told).toHaveLength(ATTEMPTS_MAX);
  });

  test('attempts whose process died count', async () => {
    const first = await start(0);
    await revoke(first);
    const node = await start(600_000);
    node.sink.onSend = () => node.sink.hang();
    await until(() => expect(node.sink.told).toHaveLength(1));
    await first.dataSource.query(`UPDATE gtr_delivery SET due_at = 1, attempts = ${ATTEMPTS_MAX}`);
    const other = await start(20);
    await until(async () => expect(await states(first)).toEqual(['dead']));
    expect(other.sink.told).toEqual([]);
  });

  test('another process sends what a process that died after the COMMIT has not sent', async () => {
    RecordingSink.firstPages = [recipients(3)];
    const dead = await start();
    await revoke(dead);
    const node = await start(600_000);
    await until(async () => expect(await states(node)).toEqual(Array(3).fill('delivered')));
    expect(node.sink.names).toEqual(recipients(3));
    expect(dead.sink.told).toEqual([]);
  });

  test('all notifications that a dead process left are sent, even if they do not fit into one transaction', async () => {
    const dead = await start();
    const people = recipients(130);
    await Promise.all(people.map((subject) => revoke(dead, subject)));
    const node = await start(600_000);
    await until(async () => expect(await states(node)).toEqual(Array(130).fill('delivered')));
    expect(node.sink.told.map(({ subject }) => subject).toSorted()).toEqual(people);
  });

  test('a node continues where another died between two pages, and tells each once', async () => {
    const dead = await start(600_000);
    const pages = [recipients(3), ['x', 'y', 'z']];
    dead.sink.pages = pages;
    dead.sink.onAsk = (page) => (page === undefined ? Promise.resolve() : dead.sink.hang());
    await revoke(dead);
    await until(async () => expect(await states(dead)).toEqual(Array(3).fill('delivered')));
    await until(() => expect(dead.sink.asked).toHaveLength(2));
    const node = await start(20);
    node.sink.pages = pages;
    await passTime(node);
    await until(async () => expect(await states(node)).toEqual(Array(6).fill('delivered')));
    expect(node.sink.asked.map(({ page }) => page)).toEqual(['1']);
    expect([...dead.sink.names, ...node.sink.names]).toEqual([...recipients(3), 'x', 'y', 'z']);
  });

  test('an attempt of a node that died is repeated by another, and its late answer changes nothing', async () => {
    const node = await start();
    const dead = await start(600_000);
    dead.sink.onSend = () => dead.sink.hang();
    await revoke(dead);
    await until(() => expect(dead.sink.told).toHaveLength(1));
    const other = await start(20);
    await passTime(node);
    await until(async () => expect(await states(node)).toEqual(['delivered']));
    dead.sink.letGo();
    await dead.app.close();
    hosts.splice(1, 1);
    expect(other.sink.told).toHaveLength(1);
    expect(await deliveries(node)).toMatchObject([{ state: 'delivered', attempts: 2, answer: '' }]);
  });

  test('two nodes share the work and tell each recipient once', async () => {
    const [one, two] = [await start(20), await start(20)];
    const pages = [recipients(100), recipients(200).slice(100)];
    const told = (): string[] => [...one.sink.names, ...two.sink.names].toSorted();
    for (const { sink } of [one, two]) sink.pages = pages;
    await revoke(one);
    await until(() => expect(told()).toHaveLength(200));
    await until(async () => expect(await states(one)).toEqual(Array(200).fill('delivered')));
    expect(told()).toEqual(recipients(200));
  });

  test('a revocation of everybody waits for those of single users, and names the users', async () => {
    const writer = await start();
    const id = await writer.app.get(RevocationService).revokeEverybody({ actor: 'test' });
    await revoke(writer);
    await new MarkedRevocations(writer.dataSource, () => false).move();
    const node = await start(600_000);
    await until(async () => expect(await states(node)).toEqual(['delivered', 'delivered']));
    expect(node.sink.asked.map(({ revocation }) => revocation.subject)).toEqual(['alice', undefined]);
    const ofAll = { id, realm: 'everybody', epochBefore: 0, epochAfter: 0 };
    expect(node.sink.asked.at(-1)!.revocation).toMatchObject(ofAll);
    const told = node.sink.told.map(({ revocation, subject }) => [revocation.subject, subject]);
    expect(told).toEqual(
      expect.arrayContaining([
        [undefined, 'of-one'],
        ['alice', 'alice'],
      ]),
    );
  });

  test('a sink that cannot name its recipients is asked again', async () => {
    const node = await start(20);
    node.sink.onAsk = () => Promise.reject(new Error('no directory'));
    await revoke(node);
    await until(async () => expect(await entries(node)).toMatchObject([{ claimedBy: null, finishedAt: null }]));
    await until(() => expect(node.sink.asked).not.toEqual([]));
    expect(await deliveries(node)).toEqual([]);
    node.sink.onAsk = () => Promise.resolve();
    await passTime(node);
    await until(async () => expect(await states(node)).toEqual(['delivered']));
  });

  test('counts for each recipient of a sink what waits and what was given up, but not what an operator dropped', async () => {
    const { dataSource, app } = await start();
    const finished = { dueAt: null, finishedAt: 1, claimedBy: null, attempts: 1, priority: 0, subject: 'alice' };
    const row = (recipient: string, state: string, answer = '', sink = 'recording') => ({
      ...{ id: randomUUID(), outboxId: randomUUID(), sink, recipient, data: '', state, answer, ...finished },
    });
    await dataSource.manager.insert(Delivery, [
      ...[row('one', 'waiting', 'busy'), row('one', 'held'), row('one', 'dead', 'status 400')],
      ...[row('one', 'dead', 'dropped'), row('one', 'delivered'), row('one', 'superseded')],
      ...[row('one', 'waiting', '', 'other'), row('two', 'dead', 'status 400'), row('two', 'dead', 'down')],
      ...[row('three', 'delivered'), row('four', 'held')],
    ] as never);
    const deliveries = app.get(Deliveries);
    expect(await deliveries.backlogs('recording', ['one', 'two', 'three'])).toEqual(
      new Map([
        ['one', { pending: 2, dead: 1 }],
        ['two', { pending: 0, dead: 2 }],
      ]),
    );
    expect(await deliveries.backlogs('recording', [])).toEqual(new Map());
  });

  test('finished deliveries are deleted after 30 days, waiting ones never', async () => {
    const node = await start(20);
    node.sink.onSend = ({ recipient }) =>
      recipient === 'down' ? Promise.reject(new Error('down')) : Promise.resolve();
    node.sink.pages = [['down', 'old', 'young']];
    await revoke(node);
    await until(async () => expect((await states(node)).toSorted()).toEqual(['delivered', 'delivered', 'waiting']));
    const finished = (daysAgo: number) => Date.now() - daysAgo * DAY_MS;
    await node.dataSource.manager.update(Delivery, { recipient: 'old' }, { finishedAt: finished(31) });
    await node.dataSource.manager.update(Delivery, { recipient: 'young' }, { finishedAt: finished(29) });
    await node.dataSource.query(`UPDATE gtr_outbox SET finished_at = ${finished(31)}`);
    expect(await pruneNotifications(node.dataSource, 10)).toBe(false);
    expect((await deliveries(node)).map(({ recipient }) => recipient)).toEqual(['down', 'young']);
    expect(await entries(node)).toHaveLength(1);
    await node.dataSource.query(`UPDATE gtr_delivery SET finished_at = ${finished(31)}, due_at = NULL`);
    await pruneNotifications(node.dataSource, 10);
    expect([await deliveries(node), await entries(node)]).toEqual([[], []]);
  });
});
