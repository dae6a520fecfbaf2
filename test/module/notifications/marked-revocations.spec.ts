import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { afterEach, describe, expect, test, vi } from 'vitest';
import {
  type GlobalRevocationOptions,
  Revocation,
  type RevocationListener,
  RevocationService,
} from '../../../src/module/index.js';
import { Deliveries } from '../../../src/module/notifications/deliveries.js';
import { MarkedRevocations } from '../../../src/module/notifications/marked-revocations.js';
import { Outbox } from '../../../src/module/notifications/outbox.js';
import { OutboxEntry } from '../../../src/module/notifications/outbox-entry.entity.js';
import { onCommit } from '../database/break-commits.js';
import { SqlLog, withoutTable } from '../endpoint/sql-log.js';
import { databases, describeEachDatabase, type TestDatabase } from '../../support/databases.js';
import { startMariaDb } from '../../support/mariadb.js';
import { type NestHost, startNestHost } from '../../support/nest-host.js';
import { createDatabase } from '../../support/server-database.js';
import { RecordingSink } from './recording-sink.js';

/** Takes part in the transaction, which is then not shared. */
@Injectable()
class Listener implements RevocationListener {
  inTransaction(): Promise<void> {
    return Promise.resolve();
  }
}

const mariaDb = databases.find(({ name }) => name === 'mariadb')!;

describeEachDatabase('records whose notifications are not in the outbox yet', (database) => {
  const nodes: NestHost[] = [];

  /** A node with a sink, whose job does not run; the first has the database. */
  async function start(options: Partial<GlobalRevocationOptions> = {}): Promise<NestHost> {
    const node = await startNestHost(database, {
      module: { providers: [RecordingSink, Listener] },
      options: { notifications: { sinks: [RecordingSink], intervalMs: 0 }, databaseTimeoutMs: 20_000, ...options },
      ...(nodes[0] && { databaseUrl: nodes[0].databaseUrl }),
    });
    nodes.push(node);
    return node;
  }
  afterEach(async () => {
    vi.restoreAllMocks();
    for (const node of nodes.splice(0).toReversed()) await node.stop();
  });

  const revoke = ({ app }: NestHost, ...subjects: string[]): Promise<string[]> =>
    Promise.all(subjects.map((subject) => app.get(RevocationService).revoke(subject, { actor: 'test' })));
  const everybody = ({ app }: NestHost): Promise<string> =>
    app.get(RevocationService).revokeEverybody({ actor: 'test' });
  const people = (count: number): string[] => Array.from({ length: count }, (_, i) => `person-${i}`);
  const moverOf = ({ dataSource }: NestHost): MarkedRevocations => new MarkedRevocations(dataSource, () => false);
  const move = (node: NestHost): Promise<boolean> => moverOf(node).move();
  const moveAll = async (node: NestHost): Promise<void> => {
    const mover = moverOf(node);
    while (await mover.move()) await sleep(1);
  };
  const marked = ({ dataSource }: NestHost): Promise<Revocation[]> =>
    dataSource.manager.find(Revocation, { where: { toNotify: 1 } });
  const entries = ({ dataSource }: NestHost): Promise<OutboxEntry[]> => dataSource.manager.find(OutboxEntry);
  const byId = (a: { id: string }, b: { id: string }): number => (a.id < b.id ? -1 : 1);

  test.each([
    ['alone', (node: NestHost) => revoke(node, 'alice'), {}],
    ['alone, with a listener in its transaction', (node: NestHost) => revoke(node, 'alice'), { listeners: [Listener] }],
    ['together with others', (node: NestHost) => revoke(node, ...people(5)), {}],
    ['of everybody', everybody, {}],
  ])('a revocation %s has the same statements whether or not somebody is told', async (_title, work, options) => {
    const [one, other] = [await start({ ...options, notifications: {} }), await start(options)];
    await work(one); // what differs only for the first has been done
    const [without, told] = [new SqlLog(one.dataSource), new SqlLog(other.dataSource)];
    const [expected, seen] = [await without.of(() => work(one)), await told.of(() => work(other))];
    expect(seen).toEqual(expected);
    expect(seen.filter((each) => /^\s*INSERT/.test(each))).toHaveLength(2);
    expect(told.uses('gtr_outbox')).toBe(0);
    const rounds = 3; // of which the last was to be notified
    expect((await marked(one)).length * rounds).toBe(await one.dataSource.manager.count(Revocation));
  });

  test('a revocation returns before the job begins', async () => {
    const node = await start({ notifications: { sinks: [RecordingSink], intervalMs: 600_000 } });
    const ring = vi.spyOn(node.app.get(Outbox).alarm, 'ring');
    await revoke(node, 'alice');
    expect(ring).not.toHaveBeenCalled();
    const { told } = node.app.get(RecordingSink, { strict: false });
    await vi.waitFor(() => expect(told).toHaveLength(1), { timeout: 20_000 });
  });

  test('a revocation marks nothing if no sink is configured', async () => {
    const node = await start({ notifications: {} });
    await revoke(node, 'alice');
    await everybody(node);
    expect([(await node.dataSource.manager.find(Revocation)).length, await marked(node)]).toEqual([2, []]);
  });

  test('each is moved once with its epochs, and a revocation of everybody without epochs', async () => {
    const node = await start();
    const [before, all] = [Date.now(), await everybody(node)];
    await revoke(node, 'alice', 'nul\0', ...people(3));
    const records = await marked(node);
    expect(await move(node)).toBe(true);
    expect(await move(node)).toBe(false);
    const expected = records.toSorted(byId).map(({ id, subject, epochBefore, epochAfter, createdAt }) => ({
      ...(id === all
        ? { id, subject: '', epochBefore: 0, epochAfter: 0, createdAt, priority: 1 }
        : { id, subject, epochBefore, epochAfter, createdAt, priority: 0 }),
      ...{ attempts: 0, claimedBy: null, finishedAt: null, progress: null },
    }));
    const moved = (await entries(node)).toSorted(byId);
    expect(moved).toMatchObject(expected);
    expect(moved).toHaveLength(6);
    for (const { dueAt } of moved) expect(Math.abs(dueAt! - before)).toBeLessThan(60_000);
  });

  test('they count as not told yet', async () => {
    const node = await start();
    const [id] = (await revoke(node, 'alice')) as [string];
    const deliveries = node.app.get(Deliveries);
    const seen = async () => [await deliveries.isExpanding(id), await deliveries.oldest()];
    const [{ createdAt }] = (await marked(node)) as [Revocation];
    expect(await seen()).toEqual([true, createdAt]);
    await move(node);
    expect(await seen()).toEqual([true, createdAt]);
    await node.dataSource.query('UPDATE gtr_outbox SET finished_at = 1');
    expect(await seen()).toEqual([false, undefined]);
  });

  test('a move that fails leaves the marks, and the next one moves all', async () => {
    const node = await start();
    const ids = await revoke(node, ...people(3));
    await withoutTable(node.dataSource, 'gtr_outbox', () => expect(move(node)).rejects.toThrow('gtr_outbox'));
    expect((await marked(node)).map(({ id }) => id).toSorted()).toEqual(ids.toSorted());
    await move(node);
    expect([await marked(node), (await entries(node)).length]).toEqual([[], 3]);
  });

  test('a process that stopped moves nothing', async () => {
    const node = await start();
    await revoke(node, 'alice');
    await new MarkedRevocations(node.dataSource, () => true).move();
    expect([(await marked(node)).length, await entries(node)]).toEqual([1, []]);
  });

  test('two nodes move the same at once, each once and without an error', async () => {
    const [one, two] = [await start(), await start()];
    const errors = [one, two].map(({ dataSource }) => vi.spyOn(new SqlLog(dataSource), 'logQueryError'));
    const ids: string[] = [];
    for (let round = 0; round < 4; round += 1) {
      ids.push(...(await revoke(one, ...people(150))));
      const moving = [one, two, one, two].map(moveAll);
      ids.push(...(await revoke(two, ...people(50))));
      await Promise.all(moving);
      await moveAll(one);
      expect(await marked(one)).toEqual([]);
    }
    expect((await entries(two)).map(({ id }) => id).toSorted()).toEqual(ids.toSorted());
    for (const each of errors) expect(each).not.toHaveBeenCalled();
  });

  test.each(database.name === 'sqlite' ? [] : [database.name])(
    'while some are being moved, revocations do not wait, and the others are moved',
    async () => {
      const [slow, node] = [await start(), await start()];
      await revoke(node, ...people(120));
      let commit!: () => void;
      const isHeld = new Promise<void>((held) => {
        const until = new Promise<void>((resolve) => (commit = resolve));
        onCommit(slow.dataSource, async (end) => {
          held();
          await until;
          return end();
        });
      });
      const moving = move(slow);
      await isHeld;
      const began = performance.now();
      await revoke(node, ...people(40), ...people(40));
      await everybody(node);
      expect(performance.now() - began).toBeLessThan(5000);
      const mover = moverOf(node);
      await vi.waitFor(async () => {
        expect(await mover.move()).toBe(true);
        expect(await entries(node)).toHaveLength(101);
      });
      commit();
      await moving;
      await moveAll(node);
      expect([await marked(node), (await entries(node)).length]).toEqual([[], 201]);
    },
  );
});

describe.skipIf(!mariaDb.available)('MariaDB with binlog_format = STATEMENT, which rejects READ COMMITTED', () => {
  test('a server that logs statements moves the records too', { timeout: 60_000 }, async () => {
    const server = await startMariaDb('memory', ['--log-bin', '--binlog-format=STATEMENT']);
    const database: TestDatabase = {
      ...mariaDb,
      create: async () => ({ url: await createDatabase(server.url), drop: () => Promise.resolve() }),
    };
    const node = await startNestHost(database, {
      module: { providers: [RecordingSink] },
      options: { notifications: { sinks: [RecordingSink], intervalMs: 600_000 } },
    });
    const { told } = node.app.get(RecordingSink, { strict: false });
    await node.app.get(RevocationService).revoke('alice', { actor: 'test' });
    await vi.waitFor(() => expect(told).toMatchObject([{ subject: 'alice' }]), { timeout: 20_000 });
    await node.stop();
    await server.stop();
  });
});
