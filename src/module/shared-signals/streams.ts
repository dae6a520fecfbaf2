import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { type DataSource, type EntityManager, IsNull } from 'typeorm';
import { databaseTime } from '../database/clock.js';
import { DatabaseDeadline } from '../database/deadline.js';
import { sha256Hex } from '../database/digest.js';
import { isDriverError } from '../database/driver-errors.js';
import { inTransaction, onPrimary } from '../database/primary.js';
import { recordedText } from '../database/recorded-text.js';
import { REVOCATION_DATA_SOURCE } from '../database/revocation-data-source.js';
import { forUpdate, sqlDialect } from '../database/sql-dialect.js';
import { run } from '../database/statement.js';
import { Outbox } from '../notifications/outbox.js';
import { SINK, stored, STREAM_UPDATED, type StreamEvent, VERIFICATION } from './event-types.js';
import { SsfRefusal } from './ssf-refusal.js';
import { Stream, type StreamStatus } from './stream.entity.js';
import { StreamSubject } from './stream-subject.entity.js';

/** What the maker of a stream decides. */
type NewStream = Omit<Stream, 'id' | 'status' | 'reason' | 'isLocked' | 'verifiedAt' | 'createdAt' | 'deletedAt'>;

const TEXT_MAX = 255;

/** What is kept of a locked stream that its receiver has deleted. */
const EMPTIED = { eventsRequested: null, endpointUrl: null, authorizationSealed: null, description: '' };

@Injectable()
export class Streams {
  constructor(
    @Inject(REVOCATION_DATA_SOURCE) private readonly dataSource: DataSource,
    @Inject(DatabaseDeadline) private readonly deadline: DatabaseDeadline,
    @Inject(Outbox) private readonly outbox: Outbox,
  ) {}

  find(id: string): Promise<Stream | undefined> {
    return this.one({ id });
  }

  all(): Promise<Stream[]> {
    return this.deadline.run(() =>
      onPrimary(this.dataSource, (manager) => manager.findBy(Stream, { deletedAt: IsNull() })),
    );
  }

  ofReceiver(clientId: string): Promise<Stream | undefined> {
    return this.one({ receiverHash: sha256Hex(clientId) });
  }

  /**
   * Stores a new stream. The receiver of a locked one that was deleted gets the lock again.
   *
   * @throws SsfRefusal if the receiver has a stream; RevocationError `unavailable`
   */
  async create(wanted: NewStream): Promise<Stream> {
    const { receiverHash } = wanted;
    const id = randomUUID();
    try {
      await this.transaction(async (manager) => {
        const before = receiverHash === null ? null : await manager.findOneBy(Stream, { receiverHash });
        const locked = before?.deletedAt ? before : undefined;
        if (locked) await manager.delete(Stream, { id: locked.id });
        await this.add(manager, id, wanted, locked && { status: locked.status, reason: locked.reason, isLocked: 1 });
      });
    } catch (error) {
      if (!isDriverError((error as Error).cause, 'duplicateKey')) throw error;
      const own = await this.find(id); // the answer to an earlier COMMIT was lost
      if (own) return own;
      const text =
        'the receiver already has a stream: GET the configuration without stream_id, then change or delete that one';
      throw new SsfRefusal(409, 'conflict', text);
    }
    return (await this.find(id))!;
  }

  /** Inserts a new stream. @param manager of a transaction @param kept of an earlier stream */
  async add(manager: EntityManager, id: string, wanted: NewStream, kept: Partial<Stream> = {}): Promise<void> {
    const begun = { status: 'enabled', reason: '', isLocked: 0, verifiedAt: 0, deletedAt: null } as const;
    const row = fitted({ ...wanted, id, ...begun, ...kept });
    await manager.insert(Stream, { ...row, createdAt: await databaseTime(manager) });
  }

  /** Changes a stream. If events are pushed from now on, those that it holds are too. */
  async change(id: string, changes: Partial<Omit<Stream, 'id'>>): Promise<void> {
    await this.transaction(async (manager) => {
      await manager.update(Stream, { id }, fitted(changes));
      await this.release(manager, id);
    });
    this.outbox.deliveries.ring();
  }

  /** Deletes a stream with all that it holds, except for an operator's lock. */
  async delete(id: string): Promise<void> {
    await this.transaction(async (manager) => {
      const stream = await this.locked(manager, id);
      if (stream) await this.remove(manager, stream);
    });
  }

  /**
   * Returns a stream that nobody else can change until the transaction ends.
   *
   * @param manager of the transaction
   */
  locked(manager: EntityManager, id: string): Promise<Stream | null> {
    return manager.findOne(Stream, { where: { id, deletedAt: IsNull() }, ...forUpdate(manager) });
  }

  /** Like {@link delete}. @param manager of a transaction */
  async remove(manager: EntityManager, { id, isLocked }: Pick<Stream, 'id' | 'isLocked'>): Promise<void> {
    await manager.delete(StreamSubject, { streamId: id });
    if (isLocked === 1) await manager.update(Stream, { id }, { ...EMPTIED, deletedAt: await databaseTime(manager) });
    else await manager.delete(Stream, { id });
    await this.drop(manager, id, 'the stream was deleted');
  }

  /** Changes the status for the receiver. @returns false if an operator has locked another one */
  setStatus(id: string, status: StreamStatus, reason: string): Promise<boolean> {
    return this.changeStatus(id, status, reason, false, (stream) => stream.isLocked === 0 || stream.status === status);
  }

  /** Pauses a stream that is enabled, and tells its receiver. */
  async pause(id: string, reason: string): Promise<void> {
    await this.changeStatus(id, 'paused', reason, true, (stream) => stream.status === 'enabled');
  }

  private async changeStatus(
    id: string,
    status: StreamStatus,
    reason: string,
    isOurs: boolean,
    may: (stream: Stream) => boolean,
  ): Promise<boolean> {
    const isDone = await this.transaction(async (manager) => {
      const stream = await this.locked(manager, id);
      if (!stream || !may(stream)) return false;
      await this.putStatus(manager, id, status, reason, isOurs);
      return true;
    });
    this.outbox.deliveries.ring();
    return isDone;
  }

  /**
   * Puts a status: what is held is sent when a stream is enabled, and dropped when it is disabled. Ring the deliveries of the outbox after
   * the COMMIT.
   *
   * @param manager of a transaction that has the stream {@link locked}
   */
  async putStatus(
    manager: EntityManager,
    id: string,
    status: StreamStatus,
    reason: string,
    isOurs: boolean,
  ): Promise<void> {
    await manager.update(Stream, { id }, fitted({ status, reason }));
    if (isOurs) await this.tell(manager, id, { type: STREAM_UPDATED, claims: { status, ...(reason && { reason }) } });
    if (status === 'disabled') await this.drop(manager, id, 'the stream is disabled');
    await this.release(manager, id);
  }

  /** Sends what a stream still holds although its events are pushed: an attempt may have begun while it was paused. */
  async sendHeld(id: string): Promise<void> {
    await this.transaction((manager) => this.release(manager, id));
    this.outbox.deliveries.ring();
  }

  /** Sends a verification, unless one was asked for within `seconds`. @returns whether it is sent */
  async verify(id: string, seconds: number, claims: StreamEvent['claims']): Promise<boolean> {
    const { now } = sqlDialect(this.dataSource);
    const update = `UPDATE gtr_ssf_stream SET verified_at = ${now} WHERE id = ? AND verified_at <= ${now} - ?`;
    const isSent = await this.transaction(async (manager) => {
      const { affected = 0 } = await run(manager, update, [id, seconds * 1000]);
      if (affected > 0) await this.tell(manager, id, { type: VERIFICATION, claims });
      return affected > 0;
    });
    this.outbox.deliveries.ring();
    return isSent;
  }

  private one(where: { id: string } | { receiverHash: string }): Promise<Stream | undefined> {
    const existing = { ...where, deletedAt: IsNull() };
    return this.deadline.run(
      async () => (await onPrimary(this.dataSource, (manager) => manager.findOneBy(Stream, existing))) ?? undefined,
    );
  }

  private transaction<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    return this.deadline.run(() => inTransaction(this.dataSource, work));
  }

  private tell(manager: EntityManager, recipient: string, event: StreamEvent): Promise<void> {
    return this.outbox.tell(manager, { sink: SINK, recipient, data: stored(event) });
  }

  private async drop(manager: EntityManager, id: string, why: string): Promise<void> {
    const { now } = sqlDialect(this.dataSource);
    const update = `UPDATE gtr_delivery SET state = 'superseded', answer = ?, due_at = NULL, finished_at = ${now}
      WHERE recipient = ? AND state = 'held' AND sink = ?`;
    await run(manager, update, [why, id, SINK]);
  }

  /** A stream that is enabled and whose events are pushed holds nothing. */
  private async release(manager: EntityManager, id: string): Promise<void> {
    const { now } = sqlDialect(this.dataSource);
    const pushed = `SELECT 1 FROM gtr_ssf_stream s WHERE s.id = ? AND s.status = 'enabled' AND s.endpoint_url IS NOT NULL`;
    const update = `UPDATE gtr_delivery SET state = 'waiting', attempts = 0, due_at = ${now}, finished_at = NULL
      WHERE recipient = ? AND state = 'held' AND sink = ? AND EXISTS (${pushed})`;
    await run(manager, update, [id, SINK, id]);
  }
}

/** Returns a row whose texts, which only people read, fit into their columns. */
function fitted<Row extends { description?: string; reason?: string }>(row: Row): Row {
  const { description, reason } = row;
  return {
    ...row,
    ...(description !== undefined && { description: recordedText(description, TEXT_MAX) }),
    ...(reason !== undefined && { reason: recordedText(reason, TEXT_MAX) }),
  };
}
