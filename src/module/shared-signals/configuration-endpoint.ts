import { Inject, Injectable } from '@nestjs/common';
import { sha256Hex } from '../database/digest.js';
import { GLOBAL_REVOCATION_OPTIONS, type ResolvedOptions } from '../options/global-revocation.options.js';
import { SUPPORTED } from './event-types.js';
import { type Call, ownStream, type Reply, type Resource, streamIdIn } from './management-call.js';
import { mayManage } from './receiver.js';
import { type ResolvedSharedSignals, settingsOf, SHARED_SIGNALS_OPTIONS } from './shared-signals.options.js';
import { invalid } from './ssf-refusal.js';
import { checkTransmitterSupplied, METHODS, readSupplied, type Supplied } from './stream-configuration.js';
import type { Stream } from './stream.entity.js';
import { StreamSecrets } from './stream-secrets.js';
import { Streams } from './streams.js';
import { TransmitterMetadata } from './transmitter-metadata.js';

/** Lets receivers create, read, change and delete their one stream. @see OpenID.SSF §8.1.1 */
@Injectable()
export class ConfigurationEndpoint implements Resource {
  readonly path = 'streams';
  readonly operations: Resource['operations'] = {
    GET: { access: 'read', answer: (call) => this.read(call) },
    POST: { access: 'manage', answer: (call) => this.create(call) },
    PATCH: { access: 'manage', answer: (call) => this.update(call) },
    PUT: { access: 'manage', answer: (call) => this.replace(call) },
    DELETE: { access: 'manage', answer: (call) => this.delete(call) },
  };

  constructor(
    @Inject(Streams) private readonly streams: Streams,
    @Inject(StreamSecrets) private readonly secrets: StreamSecrets,
    @Inject(TransmitterMetadata) private readonly metadata: TransmitterMetadata,
    @Inject(GLOBAL_REVOCATION_OPTIONS) private readonly options: Pick<ResolvedOptions, 'issuer' | 'production'>,
    @Inject(SHARED_SIGNALS_OPTIONS) private readonly signals: ResolvedSharedSignals,
  ) {}

  /** @see OpenID.SSF §8.1.1.1 */
  private async create({ receiver, body }: Call): Promise<Reply> {
    const { id } = receiver;
    const { subjectFormat } = settingsOf(this.signals, id);
    const stream = await this.streams.create({
      ...{ receiverHash: sha256Hex(id), receiver: id, audience: id },
      ...{ subjectFormat, defaultSubjects: this.signals.defaultSubjects },
      ...this.stored({ eventsRequested: undefined, push: null, description: '', ...this.supplied(id, body) }),
    });
    return { status: 201, body: this.shown(stream, true) };
  }

  /** @see OpenID.SSF §8.1.1.2 */
  private async read(call: Call): Promise<Reply> {
    const { receiver, query } = call;
    const [id, isManager] = [query.get('stream_id'), mayManage(receiver.scopes)];
    if (id !== null) return { status: 200, body: this.shown(await ownStream(this.streams, call, id), isManager) };
    const stream = await this.streams.ofReceiver(receiver.id);
    return { status: 200, body: stream ? [this.shown(stream, isManager)] : [] };
  }

  /** @see OpenID.SSF §8.1.1.3 */
  private async update(call: Call): Promise<Reply> {
    return this.change(call, this.supplied(call.receiver.id, call.body));
  }

  /** @see OpenID.SSF §8.1.1.4 */
  private async replace(call: Call): Promise<Reply> {
    const supplied = this.supplied(call.receiver.id, call.body);
    if (supplied.push === undefined) throw invalid('the body must have the member delivery');
    return this.change(call, { eventsRequested: undefined, description: '', ...supplied });
  }

  /** @see OpenID.SSF §8.1.1.5 */
  private async delete(call: Call): Promise<Reply> {
    const { id } = await ownStream(this.streams, call, call.query.get('stream_id'));
    await this.streams.delete(id);
    return { status: 204 };
  }

  private async change(call: Call, supplied: Wanted): Promise<Reply> {
    const stream = await ownStream(this.streams, call, streamIdIn(call.body));
    const current = this.shown(stream, true);
    checkTransmitterSupplied(call.body, current);
    const { endpoint_url: sent } = (call.body['delivery'] ?? {}) as { endpoint_url?: unknown };
    const isOurs = supplied.push !== null || sent === undefined || sent === this.pollUrl(stream);
    if (!isOurs) throw invalid('delivery.endpoint_url of a poll is supplied by the transmitter: leave it out');
    await this.streams.change(stream.id, this.stored(supplied));
    return { status: 200, body: this.shown((await this.streams.find(stream.id)) ?? stream, true) };
  }

  private supplied(receiver: string, body: Call['body']): Supplied {
    const { pushHosts: hosts } = settingsOf(this.signals, receiver);
    return readSupplied(body, { http: !this.options.production, hosts });
  }

  /** Returns the columns of what was supplied; an undefined list of events is none. */
  private stored<T extends Wanted>(supplied: T) {
    const { eventsRequested: events, push, description } = supplied;
    return {
      ...('eventsRequested' in supplied && { eventsRequested: events === undefined ? null : JSON.stringify(events) }),
      ...(push !== undefined && {
        endpointUrl: push?.url ?? null,
        authorizationSealed: push && this.secrets.sealed(push.authorization, push.url),
      }),
      ...(description !== undefined && { description }),
    } as T extends Required<Wanted> ? StoredColumns : Partial<StoredColumns>;
  }

  private pollUrl({ id }: Stream): string {
    return this.metadata.urlOf(`poll/${id}`);
  }

  /** @param withSecret whether the receiver may see what it wants in the header `Authorization` */
  private shown(stream: Stream, withSecret: boolean): Record<string, unknown> {
    const requested = stream.eventsRequested === null ? undefined : (JSON.parse(stream.eventsRequested) as string[]);
    const authorization = withSecret ? this.secrets.authorizationOf(stream) : undefined;
    const { endpointUrl: url } = stream;
    return {
      stream_id: stream.id,
      iss: this.options.issuer,
      aud: stream.audience,
      events_supported: SUPPORTED,
      ...(requested && { events_requested: requested }),
      events_delivered: SUPPORTED.filter((type) => requested?.includes(type)),
      delivery: {
        method: url === null ? METHODS.poll : METHODS.push,
        endpoint_url: url ?? this.pollUrl(stream),
        ...(authorization !== undefined && { authorization_header: authorization }),
      },
      min_verification_interval: this.signals.minVerificationSeconds,
      ...(stream.description !== '' && { description: stream.description }),
    };
  }
}

/** {@link Supplied}; an undefined list of events removes it. */
type Wanted = Omit<Supplied, 'eventsRequested'> & { eventsRequested?: string[] | undefined };

type StoredColumns = Pick<Stream, 'eventsRequested' | 'endpointUrl' | 'authorizationSealed' | 'description'>;
