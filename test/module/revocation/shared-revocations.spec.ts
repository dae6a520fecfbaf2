import { randomUUID } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { Injectable, type Type } from '@nestjs/common';
import { Column, Entity, PrimaryColumn, PrimaryGeneratedColumn, type QueryRunner } from 'typeorm';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  type GlobalRevocationOptions,
  Revocation,
  type RevocationContext,
  type RevocationEvent,
  type RevocationListener,
  RevocationService,
  SubjectEpochs,
} from '../../../src/module/index.js';
import { subjectKey } from '../../../src/module/revocation/subject-epochs.js';
import type { CallerAssertion } from '../../../src/module/caller/caller.js';
import { UsedAssertion } from '../../../src/module/caller/assertion/used-assertion.entity.js';
import { DatabaseDeadline } from '../../../src/module/database/deadline.js';
import { MarkedRevocations } from '../../../src/module/notifications/marked-revocations.js';
import { OutboxEntry } from '../../../src/module/notifications/outbox-entry.entity.js';
import type { HostTarget } from '../../../src/module/revocation/targets/host-target.js';
import { RevocationTargets } from '../../../src/module/revocation/targets/revocation-targets.js';
import { SubjectEpoch } from '../../../src/module/revocation/subject-epoch.entity.js';
import { breakCommits, onCommit } from '../database/break-commits.js';
import { SqlLog } from '../endpoint/sql-log.js';
import { RecordingSink } from '../notifications/recording-sink.js';
import { describeEachDatabase } from '../../support/databases.js';
import { type NestHost, startNestHost } from '../../support/nest-host.js';

@Injectable()
class Mailer implements RevocationListener {
  readonly told: string[] = [];

  afterCommit({ id }: RevocationEvent): void {
    this.told.push(id);
  }
}

/** Refuses one user in the transaction. */
@Injectable()
class RefusesBob implements RevocationListener {
  async inTransaction({ subject }: RevocationEvent): Promise<void> {
    if (subject === 'bob') throw new Error('not bob');
  }
}

@Entity('host_session')
class HostSession {
  @PrimaryGeneratedColumn()
  id!: number;

  @Column('varchar', { length: 64 })
  userId!: string;
}

@Entity('host_token')
class HostToken {
  @PrimaryColumn('varchar', { length: 64 })
  id!: string;

  @Column('varchar', { length: 64 })
  userId!: string;

  @Column('bigint')
  epoch!: string;
}

const sessions = { entity: HostSession, userColumn: 'userId', action: 'delete' } as const;
const tokens = { entity: HostToken, userColumn: 'userId', epochColumn: 'epoch', action: 'delete' } as const;
const listeners: Array<Type<RevocationListener>> = [Mailer];

/** What is asked for in one turn of the event loop shares a transaction. */
describeEachDatabase('revocations at the same time', (database) => {
  let host: NestHost;
  let sql: SqlLog;
  const nodes: NestHost[] = [];
  let other: QueryRunner | undefined;

  async function start(options: Partial<GlobalRevocationOptions> = {}): Promise<NestHost> {
    const node = await startNestHost(database, {
      entities: [HostSession, HostToken],
      module: { providers: [Mailer, RefusesBob, RecordingSink] },
      options: { listeners, databaseTimeoutMs: 20_000, ...options },
      ...(nodes[0] && { databaseUrl: nodes[0].databaseUrl }),
    });
    nodes.push(node);
    return node;
  }
  const startOnly = async (options?: Partial<GlobalRevocationOptions>): Promise<void> => {
    host = await start(options);
    sql = new SqlLog(host.dataSource);
  };
  afterEach(async () => {
    vi.restoreAllMocks();
    if (other?.isTransactionActive) await other.rollbackTransaction();
    await other?.release();
    other = undefined;
    for (const node of nodes.splice(0).toReversed()) await node.stop();
  });

  const revoke = (subject: string, context: Partial<RevocationContext> = {}, { app } = host): Promise<string> =>
    app.get(RevocationService).revoke(subject, { actor: `of ${subject}`, ...context });
  const all = (...subjects: string[]): Promise<string[]> => Promise.all(subjects.map((subject) => revoke(subject)));
  const told = (): string[] => host.app.get(Mailer, { strict: false }).told;
  const records = (): Promise<Revocation[]> => host.dataSource.manager.find(Revocation);
  const record = (id: string): Promise<Revocation> => host.dataSource.manager.findOneByOrFail(Revocation, { id });
  const epochOf = (subject: string) => host.app.get(SubjectEpochs).current(subject);
  const commits = (): number => sql.statements.filter((statement) => statement === 'COMMIT').length;
  const use = (more: Partial<CallerAssertion> = {}): { assertion: CallerAssertion } => ({
    assertion: {
      ...{ issuer: 'https://idp.example', jti: randomUUID(), expiresAt: Date.now() + 60_000, bodyHash: 'b' },
      ...more,
    },
  });
  /** Another transaction, which holds what this statement changes. */
  const hold = async (statement: string): Promise<QueryRunner> => {
    other = host.dataSource.createQueryRunner('master');
    await other.startTransaction();
    await other.query(statement);
    return other;
  };

  describe('of users', () => {
    beforeEach(() => startOnly());

    test('take one transaction: an upsert of epochs, an insert of records, a COMMIT', async () => {
      const subjects = Array.from({ length: 40 }, (_, i) => `person-${i}`);
      const statements = await sql.of(() => all(...subjects));
      expect(commits()).toBe(1);
      expect([sql.uses('INTO gtr_subject_epoch'), sql.uses('INTO gtr_revocation')]).toEqual([1, 1]);
      expect(statements.length).toBeLessThanOrEqual(9);
      expect((await records()).map(({ subject, actor }) => `${subject} ${actor}`).sort()).toEqual(
        subjects.map((subject) => `${subject} of ${subject}`).sort(),
      );
    });

    test('one that comes when nothing runs takes its own transaction at once', async () => {
      const statements = await sql.of(() => all('alice'));
      expect(statements).toHaveLength(4);
    });

    test('each record has its own epochs before and after, also of one user several times', async () => {
      const alice = await host.app.get(SubjectEpochs).epochForSignIn('alice');
      const bob = await host.app.get(SubjectEpochs).epochForSignIn('bob');
      const ids = await all('alice', 'carol', 'alice', 'bob', 'alice', 'carol');
      const [a1, c1, a2, b, a3, c2] = await Promise.all(ids.map(record));
      const now = { alice: await epochOf('alice'), bob: await epochOf('bob'), carol: await epochOf('carol') };
      expect(commits()).toBe(1);

      expect([a1!.epochBefore, b!.epochBefore, c1!.epochBefore]).toEqual([alice, bob, 1]);
      expect([a2!.epochBefore, a3!.epochBefore, c2!.epochBefore]).toEqual([
        a1!.epochAfter,
        a2!.epochAfter,
        c1!.epochAfter,
      ]);
      expect([a3!.epochAfter, b!.epochAfter, c2!.epochAfter]).toEqual([now.alice, now.bob, now.carol]);
      for (const { epochBefore, epochAfter } of [a1!, a2!, a3!, b!, c1!, c2!])
        expect(epochAfter).toBeGreaterThan(epochBefore);
      const rows = await host.dataSource.manager.find(SubjectEpoch);
      expect(rows.map(({ previous }) => previous).toSorted((x, y) => x - y)).toEqual(
        [1, alice, bob].toSorted((x, y) => x - y),
      );
    });

    test('raises by as many as there are, from an epoch that is ahead of the clock (R7)', async () => {
      await all('alice', 'bob');
      const ahead = Date.now() + 1_000_000;
      await host.dataSource.query(`UPDATE gtr_subject_epoch SET epoch = ${ahead}`);
      await sql.of(() => all('alice', 'alice', 'bob', 'alice'));
      expect(commits()).toBe(1);
      expect([await epochOf('alice'), await epochOf('bob')]).toEqual([ahead + 3, ahead + 1]);
    });

    test('tells listeners once for each of them', async () => {
      const ids = await all('alice', 'bob', 'alice');
      expect(told().toSorted()).toEqual(ids.toSorted());
    });

    test('a COMMIT without an answer: each took effect once and is told once', async () => {
      const broken = breakCommits(host.dataSource, 'after', 1);
      const ids = await all('alice', 'bob', 'alice');
      expect(broken()).toBe(1);
      expect((await records()).map(({ id }) => id).toSorted()).toEqual(ids.toSorted());
      expect(told().toSorted()).toEqual(ids.toSorted());
      expect((await record(ids[2]!)).epochAfter).toBe(await epochOf('alice'));
    });

    test('a connection that breaks before the COMMIT: each is tried again and takes effect once', async () => {
      breakCommits(host.dataSource, 'before', 1);
      const ids = await all('alice', 'bob', 'alice');
      expect((await records()).map(({ id }) => id).toSorted()).toEqual(ids.toSorted());
      expect(told().toSorted()).toEqual(ids.toSorted());
    });

    test('a connection that breaks before every COMMIT: all fail as unavailable, nothing is changed or told', async () => {
      breakCommits(host.dataSource, 'before', Infinity);
      const failed = await Promise.allSettled([revoke('alice'), revoke('bob')]);
      expect(failed).toMatchObject([{ reason: { reason: 'unavailable' } }, { reason: { reason: 'unavailable' } }]);
      expect([await records(), told(), await epochOf('alice')]).toEqual([[], [], undefined]);
    });

    test('one whose deadline passes while another transaction runs gets 503 and changes nothing', async () => {
      const [begun, gate] = [new EventEmitter(), new EventEmitter()];
      const [hasBegun, mayEnd] = [once(begun, 'now'), once(gate, 'open')];
      onCommit(host.dataSource, async (commit) => {
        begun.emit('now');
        await mayEnd;
        await commit();
      });
      const first = revoke('alice');
      await hasBegun;
      const deadline = host.app.get(DatabaseDeadline);
      Reflect.set(deadline, 'timeoutMs', 10);
      const late = Promise.allSettled([revoke('bob'), revoke('carol')]);
      Reflect.set(deadline, 'timeoutMs', 20_000);
      const inTime = revoke('dora');
      expect(await late).toMatchObject([{ reason: { status: 503 } }, { reason: { status: 503 } }]);
      gate.emit('open');
      const ids = [await first, await inTime];
      expect((await records()).map(({ id }) => id).sort()).toEqual(ids.sort());
      expect([await epochOf('bob'), await epochOf('carol')]).toEqual([undefined, undefined]);
    });

    test('an invalid account id is rejected alone', async () => {
      const [good, bad] = await Promise.allSettled([revoke('alice'), revoke('')]);
      expect([good.status, bad]).toMatchObject(['fulfilled', { reason: { reason: 'notRevocable' } }]);
    });

    test('one with the id of a record that exists changes nothing, and fails for another user', async () => {
      const recordId = randomUUID();
      expect(await revoke('alice', { recordId })).toBe(recordId);
      const before = await epochOf('alice');
      const again = [revoke('alice', { recordId }), revoke('bob', { recordId }), revoke('carol')];
      const settled = await Promise.allSettled(again);
      expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
      expect([await epochOf('alice'), await epochOf('bob')]).toEqual([before, undefined]);
      expect((await records()).map(({ subject }) => subject).sort()).toEqual(['alice', 'carol']);
    });

    test('a user whose deleted namesakes are revoked too keeps a transaction of its own', async () => {
      const ids = await Promise.all([revoke('alice'), revoke('bob', { deleted: ['bob-before'] }), revoke('carol')]);
      expect(commits()).toBe(2);
      expect((await records()).map(({ subject }) => subject).sort()).toEqual(['alice', 'bob', 'bob-before', 'carol']);
      expect(await record(ids[1])).toMatchObject({ subject: 'bob' });
    });
  });

  describe('with assertions', () => {
    beforeEach(() => startOnly());

    test('each is used up with its own record, in one statement', async () => {
      const uses = ['alice', 'bob', 'carol'].map((subject) => [subject, use()] as const);
      const ids = await Promise.all([...uses.map(([subject, used]) => revoke(subject, used)), revoke('dora')]);
      expect([commits(), sql.uses('INTO') - sql.uses('INTO gtr_')]).toEqual([1, 1]); // TypeORM quotes the name
      const stored = await host.dataSource.manager.find(UsedAssertion);
      expect(stored.map(({ usedBy }) => usedBy).sort()).toEqual(ids.slice(0, 3).sort());
    });

    test('the same one twice at once has one effect, and both get its record', async () => {
      const used = use();
      const [a, one, two] = await Promise.all([
        revoke('alice'),
        revoke('bob', used),
        revoke('bob', used),
        revoke('carol'),
      ]);
      expect(one).toBe(two);
      expect((await records()).map(({ subject }) => subject).sort()).toEqual(['alice', 'bob', 'carol']);
      expect([...told()].sort()).toEqual((await records()).map(({ id }) => id).sort());
      expect(told()).toContain(a);
    });

    test('one that was used with another body is rejected alone', async () => {
      const used = use();
      await revoke('alice', used);
      const before = await epochOf('alice');
      const other = use({ ...used.assertion, bodyHash: 'another' });
      const settled = await Promise.allSettled([revoke('bob', use()), revoke('alice', other), revoke('carol', use())]);
      expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
      expect(settled[1]).toMatchObject({ reason: { reason: 'assertionReplayed' } });
      expect(await epochOf('alice')).toBe(before);
      expect((await records()).map(({ subject }) => subject).sort()).toEqual(['alice', 'bob', 'carol']);
    });
  });

  // SQLite has one writer at a time.
  describe.each(database.name === 'sqlite' ? [] : [database.name])(
    'while another transaction holds the row of one user',
    () => {
      beforeEach(() => startOnly());

      test.each([
        ['changes', (key: string) => `UPDATE gtr_subject_epoch SET epoch = epoch WHERE subject_hash = '${key}'`, true],
        ['adds', (key: string) => `INSERT INTO gtr_subject_epoch VALUES ('${key}', 5, 0, NULL)`, false],
      ])('and %s it, the others are revoked at once', async (_verb, statement, isKnown) => {
        if (isKnown) for (const each of ['alice', 'bob']) await host.app.get(SubjectEpochs).epochForSignIn(each);
        await hold(statement(subjectKey('bob')));
        const held = revoke('bob');
        await all('alice', 'carol', 'dora', 'eve');
        expect((await records()).map(({ subject }) => subject).sort()).toEqual(['alice', 'carol', 'dora', 'eve']);
        await other!.commitTransaction();
        const { epochBefore } = await record(await held);
        expect(epochBefore).toBeGreaterThan(1);
      });

      // NOWAIT sees rows only. Elsewhere, nobody can lock a place that is empty.
      test.each(database.name === 'mariadb' ? [database.name] : [])(
        'and keeps its place empty, the others are revoked, except those whose deadline passes, and later transactions wait as before',
        async () => {
          for (const each of ['alice', 'carol', 'dora']) await host.app.get(SubjectEpochs).epochForSignIn(each);
          const waits = () => host.dataSource.query<unknown>('SELECT @@innodb_lock_wait_timeout AS seconds');
          const before = await waits();
          await hold(`SELECT 1 FROM gtr_subject_epoch WHERE subject_hash = '${subjectKey('bob')}' FOR UPDATE`);
          const deadline = host.app.get(DatabaseDeadline);
          Reflect.set(deadline, 'timeoutMs', 100);
          const late = Promise.allSettled([revoke('dora')]);
          Reflect.set(deadline, 'timeoutMs', 20_000);
          const held = revoke('bob');
          await all('alice', 'carol');
          expect(await late).toMatchObject([{ reason: { status: 503 } }]);
          expect((await records()).map(({ subject }) => subject).sort()).toEqual(['alice', 'carol']);
          await other!.commitTransaction();
          await held;
          expect((await records()).map(({ subject }) => subject).sort()).toEqual(['alice', 'bob', 'carol']);
          const onEach = await Promise.all(Array.from({ length: 9 }, waits)); // of the pool, except the other transaction's
          expect(new Set(onEach.map((each) => JSON.stringify(each)))).toEqual(new Set([JSON.stringify(before)]));
        },
      );
    },
  );

  describe('that need a transaction of their own', () => {
    test('a listener in the transaction refuses one user, and the others are revoked', async () => {
      await startOnly({ listeners: [Mailer, RefusesBob] });
      const settled = await Promise.allSettled(['alice', 'bob', 'carol'].map((subject) => revoke(subject)));
      expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
      expect(commits()).toBe(2);
      expect((await records()).map(({ subject }) => subject).sort()).toEqual(['alice', 'carol']);
    });

    test('a target that fails for one user leaves the others', async () => {
      await startOnly({ targets: [sessions] });
      await host.dataSource.manager.insert(HostSession, [{ userId: 'alice' }, { userId: 'bob' }, { userId: 'carol' }]);
      const { targets } = host.app.get(RevocationTargets) as unknown as { targets: HostTarget[] };
      const endUpTo = targets[0]!.endUpTo.bind(targets[0]);
      vi.spyOn(targets[0]!, 'endUpTo').mockImplementation(async (bound, manager, ended, limit) => {
        if (ended.subject === 'bob') throw new Error('a trigger refuses bob');
        return endUpTo(bound, manager, ended, limit);
      });
      const settled = await Promise.allSettled(['alice', 'bob', 'carol'].map((subject) => revoke(subject)));
      expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
      expect(await host.dataSource.manager.find(HostSession)).toMatchObject([{ userId: 'bob' }]);
      expect(await epochOf('bob')).toBeUndefined();
    });

    test('a target with epochs has nothing to do in the transaction, which is shared', async () => {
      await startOnly({ targets: [tokens] });
      const ids = await all('alice', 'bob');
      expect(sql.uses('INTO gtr_revocation')).toBe(1);
      expect(await Promise.all(ids.map(record))).toMatchObject([
        { targetBounds: '{"host_token":"epoch"}', targetsLeft: 0 },
        { targetBounds: '{"host_token":"epoch"}', targetsLeft: 0 },
      ]);
    });
  });

  test('each has its notification, with its own epochs', async () => {
    await startOnly({ notifications: { sinks: [RecordingSink], intervalMs: 0 } });
    await all('alice', 'bob', 'alice');
    expect(commits()).toBe(1);
    await new MarkedRevocations(host.dataSource, () => false).move();
    const pick = ({ id, subject, epochBefore, epochAfter, createdAt }: OutboxEntry | Revocation) => {
      return { id, subject, epochBefore, epochAfter, createdAt };
    };
    const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1);
    const entries = (await host.dataSource.manager.find(OutboxEntry)).map(pick).toSorted(byId);
    expect(entries).toEqual((await records()).map(pick).toSorted(byId));
  });

  test.each(database.name === 'sqlite' ? [] : [database.name])(
    'two nodes that revoke the same users in any order do not wait for each other forever, and no raise is lost',
    async () => {
      await startOnly();
      const second = await start();
      const people = Array.from({ length: 10 }, (_, i) => `person-${i}`);
      const shuffled = (): string[] =>
        people
          .map((who) => [Math.random(), who] as const)
          .toSorted(([a], [b]) => a - b)
          .map(([, who]) => who);
      for (let round = 0; round < 8; round += 1) {
        await Promise.all([host, second].flatMap((node) => shuffled().map((who) => revoke(who, use(), node))));
      }
      const stored = await records();
      expect(stored).toHaveLength(2 * 8 * people.length);
      for (const who of people) {
        const chain = stored.filter(({ subject }) => subject === who).toSorted((a, b) => a.epochAfter - b.epochAfter);
        expect(chain.map(({ epochBefore }) => epochBefore)).toEqual([
          1,
          ...chain.slice(0, -1).map((r) => r.epochAfter),
        ]);
        expect(await epochOf(who)).toBe(chain.at(-1)!.epochAfter);
      }
    },
  );

  test('150 of them take three transactions', async () => {
    await startOnly();
    const ids = await all(...Array.from({ length: 150 }, (_, i) => `person-${i}`));
    expect([new Set(ids).size, commits(), (await records()).length]).toEqual([150, 3, 150]);
  });

  test('those that wait when the application closes are revoked before the database is closed', async () => {
    await startOnly();
    const asked = all('alice', 'bob', 'carol');
    await host.app.close();
    const ids = await asked;
    const reopened = await startNestHost(database, { databaseUrl: host.databaseUrl });
    const stored = await reopened.dataSource.manager.find(Revocation);
    await reopened.stop();
    expect(stored.map(({ id }) => id).sort()).toEqual(ids.sort());
  });
});
