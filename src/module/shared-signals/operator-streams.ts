import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { ChangeRefusal, OperatorChanges } from '../audit/operator-changes.js';
import { DatabaseDeadline } from '../database/deadline.js';
import { type Backlog, Deliveries } from '../notifications/deliveries.js';
import { Outbox } from '../notifications/outbox.js';
import { GLOBAL_REVOCATION_OPTIONS, type ResolvedOptions } from '../options/global-revocation.options.js';
import { SINK, SUPPORTED } from './event-types.js';
import { type ResolvedSharedSignals, settingsOf, SHARED_SIGNALS_OPTIONS } from './shared-signals.options.js';
import { HEADER_MAX, isHeader, isPushUrl } from './stream-configuration.js';
import { Stream, type StreamStatus } from './stream.entity.js';
import { StreamSecrets } from './stream-secrets.js';
import { Streams } from './streams.js';

/** A stream that an operator creates for a receiver that cannot create one itself. @publicApi */
export interface OperatorStream {
  /** What the operator calls the receiver. Settings in `receivers` with this name apply to it. */
  name: string;
  /** `aud` of its events. */
  audience: string;
  /** Where events are pushed. */
  url: string;
  /** Value of the header `Authorization` of a push. @default none */
  authorization?: string | undefined;
  /** @default '' */
  description?: string | undefined;
}

/** A stream with the number of events that its receiver has not received. @publicApi */
export type ListedStream = Stream & Backlog;

const ACTIONS = { enabled: 'stream.resume', paused: 'stream.pause', disabled: 'stream.disable' } as const;

const NO_BACKLOG: Backlog = { pending: 0, dead: 0 };

const TEXT_MAX = 255;

/** Lets operators create, pause and delete streams. Each change leaves a record. @publicApi */
@Injectable()
export class OperatorStreams {
  constructor(
    @Inject(Streams) private readonly streams: Streams,
    @Inject(StreamSecrets) private readonly secrets: StreamSecrets,
    @Inject(OperatorChanges) private readonly changes: OperatorChanges,
    @Inject(Outbox) private readonly outbox: Outbox,
    @Inject(Deliveries) private readonly deliveries: Deliveries,
    @Inject(DatabaseDeadline) private readonly deadline: DatabaseDeadline,
    @Inject(GLOBAL_REVOCATION_OPTIONS) private readonly options: Pick<ResolvedOptions, 'production'>,
    @Inject(SHARED_SIGNALS_OPTIONS) private readonly signals: ResolvedSharedSignals,
  ) {}

  /** Returns every stream, also those that receivers created. @throws RevocationError `unavailable` */
  async all(): Promise<ListedStream[]> {
    const streams = await this.streams.all();
    const ids = streams.map(({ id }) => id);
    const backlogs = await this.deadline.run(() => this.deliveries.backlogs(SINK, ids));
    return streams.map((stream) => Object.assign(stream, backlogs.get(stream.id) ?? NO_BACKLOG));
  }

  /**
   * Creates a stream about every user, with which `session-revoked` events are pushed.
   *
   * @param actor operator, for the record
   * @returns its id
   * @throws TypeError that names what is invalid; RevocationError `unavailable`
   */
  async create(
    actor: string,
    { name, audience, url, authorization, description = '' }: OperatorStream,
  ): Promise<string> {
    const { subjectFormat, pushHosts: hosts } = settingsOf(this.signals, name);
    for (const [what, text] of Object.entries({ name, audience }))
      if (text === '' || text.length > TEXT_MAX) throw new TypeError(`${what} must have 1 to ${TEXT_MAX} characters`);
    if (!isPushUrl(url, { http: !this.options.production, hosts }))
      throw new TypeError('the URL must be an https URL without a password, at a host that this receiver may use');
    if (authorization !== undefined && !isHeader(authorization))
      throw new TypeError(`the authorization must be the value of a header, of at most ${HEADER_MAX} characters`);
    const id = randomUUID();
    await this.changes.make({ actor, action: 'stream.create', target: id }, async (manager) => {
      await this.streams.add(manager, id, {
        ...{ receiverHash: null, receiver: name, audience, description, subjectFormat, defaultSubjects: 'ALL' },
        ...{ eventsRequested: JSON.stringify(SUPPORTED), endpointUrl: url },
        authorizationSealed: this.secrets.sealed(authorization, url),
      });
      return { before: '', after: `${name}, pushed to ${new URL(url).host}` };
    });
    return id;
  }

  /**
   * Changes the status and tells the receiver. Unless the new status is `enabled`, the receiver cannot change it. A stream that its
   * receiver has disabled stays disabled.
   *
   * @param actor operator, for the record
   * @param reason for the receiver; may be empty
   * @throws ChangeRefusal if there is no such stream, it already has this status, or its receiver has disabled it; RevocationError
   *   `unavailable`
   */
  async setStatus(actor: string, id: string, status: StreamStatus, reason: string): Promise<void> {
    const isLocked = status === 'enabled' ? 0 : 1;
    await this.changes.make({ actor, action: ACTIONS[status], target: id }, async (manager) => {
      const before = await this.existing(manager, id);
      if (before.status === status && before.isLocked === isLocked)
        throw new ChangeRefusal('conflict', `the stream is already ${status}`);
      if (before.status === 'disabled' && before.isLocked === 0 && status !== 'disabled')
        throw new ChangeRefusal(
          'conflict',
          'its receiver has disabled the stream, and only the receiver can enable it',
        );
      await manager.update(Stream, { id }, { isLocked });
      await this.streams.putStatus(manager, id, status, reason, true);
      return { before: before.status, after: status };
    });
    this.outbox.deliveries.ring();
  }

  /**
   * Deletes a stream and the events that it holds. If a receiver created it, the receiver can create another, which is locked if this one was.
   *
   * @param actor operator, for the record
   * @throws ChangeRefusal if there is no such stream; RevocationError `unavailable`
   */
  async delete(actor: string, id: string): Promise<void> {
    await this.changes.make({ actor, action: 'stream.delete', target: id }, async (manager) => {
      const before = await this.existing(manager, id);
      const keepsLock = before.receiverHash !== null && before.isLocked === 1;
      await this.streams.remove(manager, { id, isLocked: keepsLock ? 1 : 0 });
      return { before: `${before.receiver}, ${before.status}`, after: '' };
    });
  }

  private async existing(manager: EntityManager, id: string): Promise<Stream> {
    const stream = await this.streams.locked(manager, id);
    if (!stream) throw new ChangeRefusal('not_found', `no stream has the id '${id}'`);
    return stream;
  }
}
