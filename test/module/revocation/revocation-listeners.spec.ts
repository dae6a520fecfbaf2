import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Logger, Scope, type Type } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Column, Entity, type EntityManager, PrimaryColumn, type Repository } from 'typeorm';
import { afterEach, expect, test, vi } from 'vitest';
import {
  type AuditEvent,
  AuditEvents,
  Revocation,
  RevocationError,
  type RevocationEvent,
  type RevocationListener,
  RevocationService,
  SubjectEpochs,
} from '../../../src/module/index.js';
import { breakCommits, onCommit } from '../database/break-commits.js';
import { describeEachDatabase } from '../../support/databases.js';
import { type NestHost, startNestHost } from '../../support/nest-host.js';
import { shorten } from '../../support/shorten.js';
import { within } from '../../support/within.js';

@Entity('host_outbox')
class Outbox {
  @PrimaryColumn('varchar', { length: 64 })
  id!: string;

  @Column('varchar', { length: 64 })
  subject!: string;
}

/** Writes each revocation to the outbox, under a key that says whether the record was there. */
@Injectable()
class OutboxListener implements RevocationListener {
  constructor(@InjectRepository(Outbox) private readonly outbox: Repository<Outbox>) {}

  async inTransaction({ id, subject }: RevocationEvent, manager: EntityManager): Promise<void> {
    if (!(await manager.existsBy(Revocation, { id, subject }))) throw new Error('told before the record was written');
    await manager.withRepository(this.outbox).insert({ id, subject });
  }
}

/** Remembers what it was told after the COMMIT. */
@Injectable()
class Mailer implements RevocationListener {
  readonly told: RevocationEvent[] = [];

  afterCommit(event: RevocationEvent): void {
    this.told.push(event);
  }
}

@Injectable()
class Refusing implements RevocationListener {
  error: Error = new Error('the queue is full');

  inTransaction(): Promise<void> {
    return Promise.reject(this.error);
  }
}

/** Fails after the COMMIT, at once and later. */
@Injectable()
class Failing implements RevocationListener {
  async afterCommit(): Promise<void> {
    await sleep(1);
    throw new Error('no mail server');
  }
}

@Injectable()
class FailingAtOnce implements RevocationListener {
  afterCommit(): void {
    throw new Error('no mail server here either');
  }
}

@Injectable()
class Hanging implements RevocationListener {
  afterCommit(): Promise<void> {
    return new Promise(() => {});
  }
}

/** Takes its time after the COMMIT, and needs the database. */
@Injectable()
class Late implements RevocationListener {
  isDone = false;

  constructor(@InjectRepository(Outbox) private readonly outbox: Repository<Outbox>) {}

  async afterCommit({ id, subject }: RevocationEvent): Promise<void> {
    await sleep(100);
    await this.outbox.insert({ id, subject });
    this.isDone = true;
  }
}

@Injectable()
class Deaf {}

@Injectable({ scope: Scope.REQUEST })
class PerRequest implements RevocationListener {
  afterCommit(): void {}
}

describeEachDatabase('listeners', (database) => {
  let host: NestHost | undefined;

  async function start(listeners: Type[], options = {}): Promise<NestHost> {
    const module = { providers: listeners };
    host = await startNestHost(database, { entities: [Outbox], module, options: { ...options, listeners } });
    return host;
  }
  afterEach(async () => {
    vi.restoreAllMocks();
    await host?.stop();
    host = undefined;
  });

  const revoke = ({ app }: NestHost): Promise<string> =>
    app.get(RevocationService).revoke('alice', { actor: 'test', reason: 'why' });
  const epochOf = ({ app }: NestHost) => app.get(SubjectEpochs).current('alice');
  const told = ({ app }: NestHost): RevocationEvent[] => app.get(Mailer, { strict: false }).told;
  const stored = async ({ dataSource }: NestHost) => ({
    records: (await dataSource.manager.find(Revocation)).map(({ id }) => id),
    outbox: (await dataSource.manager.find(Outbox)).map(({ id }) => id),
  });
  const nothing = { records: [], outbox: [] };

  test('run in the transaction with the record, and once after it', async () => {
    const it = await start([OutboxListener, Mailer]);
    const id = await revoke(it);
    expect(await stored(it)).toEqual({ records: [id], outbox: [id] });
    const { createdAt } = await it.dataSource.manager.findOneByOrFail(Revocation, { id });
    const who = { id, subject: 'alice', actor: 'test', reason: 'why', keyId: '', identifierHash: '', requestId: '' };
    const user = { realm: '', format: '', matched: 1, sourceIp: '', createdAt };
    expect(told(it)).toEqual([{ ...who, method: 'in_process', ...user }]);
  });

  test('are told that everybody was revoked, and the log has one event', async () => {
    const it = await start([OutboxListener, Mailer]);
    const events: AuditEvent[] = [];
    it.app.get(AuditEvents).subscribe((event) => events.push(event));
    const id = await it.app.get(RevocationService).revokeEverybody({ actor: 'test' });
    expect(await stored(it)).toEqual({ records: [id], outbox: [id] });
    expect(told(it)).toMatchObject([{ id, subject: '', realm: 'everybody', matched: 0 }]);
    expect(events).toMatchObject([{ 'event.id': id, 'event.action': 'realm-revoked', 'gtr.realm': 'everybody' }]);
  });

  test('that throw in the transaction make the revocation fail as unavailable and change nothing', async () => {
    const it = await start([OutboxListener, Refusing, Mailer]);
    const before = await it.app.get(SubjectEpochs).epochForSignIn('alice');
    await expect(revoke(it)).rejects.toMatchObject({ reason: 'unavailable', cause: { message: 'the queue is full' } });
    expect(await stored(it)).toEqual(nothing);
    expect(await epochOf(it)).toBe(before);
    expect(told(it)).toEqual([]);
  });

  test('that throw a refusal in the transaction cause that refusal and change nothing', async () => {
    const it = await start([OutboxListener, Refusing, Mailer]);
    it.app.get(Refusing, { strict: false }).error = new RevocationError('notRevocable');
    await expect(revoke(it)).rejects.toMatchObject({ reason: 'notRevocable', status: 422 });
    expect(await stored(it)).toEqual(nothing);
    expect(told(it)).toEqual([]);
  });

  test('that violate a unique key fail, and the error is not taken for an earlier record', async () => {
    const it = await start([OutboxListener, Mailer]);
    const spy = vi.spyOn(it.app.get(OutboxListener, { strict: false }), 'inTransaction');
    spy.mockImplementation(async (_event, manager) => {
      await manager.insert(Outbox, { id: 'same', subject: 'alice' });
      await manager.insert(Outbox, { id: 'same', subject: 'alice' });
    });
    await expect(revoke(it)).rejects.toMatchObject({ reason: 'unavailable' });
    expect(await stored(it)).toEqual(nothing);
    expect(told(it)).toEqual([]);
  });

  test('that fail after COMMIT are logged and disturb neither the others nor the caller', async () => {
    const logged = vi.spyOn(Logger.prototype, 'error').mockImplementation(() => {});
    const it = await start([FailingAtOnce, Failing, Mailer]);
    const id = await revoke(it);
    await vi.waitFor(() => expect(logged).toHaveBeenCalledTimes(2));
    expect(logged.mock.calls.map(([line]) => line as string)).toEqual([
      `FailingAtOnce.afterCommit failed for revocation ${id}`,
      `Failing.afterCommit failed for revocation ${id}`,
    ]);
    expect(told(it)).toMatchObject([{ id }]);
  });

  test('that hang after COMMIT do not delay the caller, and delay the shutdown for 5 s at most', async () => {
    const it = await start([Hanging, Mailer]);
    const id = await Promise.race([revoke(it), sleep(2000).then(() => 'still waiting')]);
    expect(told(it)).toMatchObject([{ id }]);
    shorten(5000, 100);
    host = undefined;
    await within(4000, it.stop());
  });

  test('run once when the same request with its assertion is repeated', async () => {
    const it = await start([OutboxListener, Mailer]);
    const assertion = { issuer: 'https://idp.example', jti: 'j', expiresAt: Date.now() + 60_000, bodyHash: 'b' };
    const again = () => it.app.get(RevocationService).revoke('alice', { actor: 'idp', assertion });
    const [id] = [await again(), await again()];
    expect(await stored(it)).toEqual({ records: [id], outbox: [id] });
    expect(told(it)).toMatchObject([{ id }]);
  });

  test('run once when the connection breaks after COMMIT', async () => {
    const it = await start([OutboxListener, Mailer]);
    const broken = breakCommits(it.dataSource, 'after', 1);
    const id = await revoke(it);
    expect(broken()).toBe(1);
    expect(await stored(it)).toEqual({ records: [id], outbox: [id] });
    expect(told(it)).toMatchObject([{ id }]);
  });

  test('run once when the connection breaks twice before COMMIT', async () => {
    const it = await start([OutboxListener, Mailer]);
    const broken = breakCommits(it.dataSource, 'before', 2);
    const id = await revoke(it);
    expect(broken()).toBe(2);
    expect(await stored(it)).toEqual({ records: [id], outbox: [id] });
    expect(told(it)).toMatchObject([{ id }]);
  });

  test('never run after COMMIT when the connection breaks before every COMMIT', async () => {
    const it = await start([OutboxListener, Mailer]);
    breakCommits(it.dataSource, 'before', Infinity);
    await expect(revoke(it)).rejects.toMatchObject({ reason: 'unavailable' });
    expect(await stored(it)).toEqual(nothing);
    expect(told(it)).toEqual([]);
  });

  test('run once when COMMIT succeeds after the deadline, and the caller gets 503', async () => {
    const it = await start([OutboxListener, Mailer], { databaseTimeoutMs: 300 });
    onCommit(it.dataSource, (commit) => sleep(600).then(commit));
    await expect(revoke(it)).rejects.toMatchObject({ reason: 'unavailable' });
    expect(told(it)).toEqual([]);
    await vi.waitFor(() => expect(told(it)).toHaveLength(1));
    expect((await stored(it)).records).toEqual([told(it)[0]!.id]);
  });

  test('that still run delay the shutdown until they finish', async () => {
    const it = await start([Late]);
    const late = it.app.get(Late, { strict: false });
    await revoke(it);
    await it.stop();
    host = undefined;
    expect(late.isDone).toBe(true);
  });

  test.each([
    [
      'missing from the providers of every module',
      [Mailer],
      [],
      /^GlobalRevocationModule: listeners: Mailer is missing: add it to the providers of a module/,
    ],
    [
      'request-scoped',
      [PerRequest],
      [PerRequest],
      /^GlobalRevocationModule: listeners: PerRequest: it or a dependency is request-scoped .*: use the default scope$/,
    ],
    [
      'a class without a listener method',
      [Deaf],
      [Deaf],
      /^GlobalRevocationModule: listeners: Deaf has neither inTransaction\(\) nor afterCommit\(\)$/,
    ],
  ] as Array<[string, Type[], Type[], RegExp]>)(
    'prevent startup when a listener is %s',
    async (_what, listeners, providers, message) => {
      const starting = startNestHost(database, { entities: [Outbox], module: { providers }, options: { listeners } });
      await expect(starting).rejects.toThrow(message);
    },
  );
});
