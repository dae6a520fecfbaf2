import { Inject, Injectable } from '@nestjs/common';
import { Participants } from '../backchannel-logout/participants.js';
import { FeatureFlags } from '../feature-flags/feature-flags.service.js';
import { NotificationPost } from '../notifications/notification-post.js';
import {
  DeliveryError,
  type Notification,
  type NotificationSink,
  type NotifiedRevocation,
  type RecipientPage,
  type SendResult,
} from '../options/notification-sink.js';
import { Sweeper } from '../revocation/sweep/sweeper.js';
import { ReceiverUsers } from './receiver-users.js';
import { SINK, STORED_UPDATE } from './event-types.js';
import { HELD_MAX, HeldEvents } from './held-events.js';
import { HeldExpiry } from './held-expiry.js';
import { SecurityEvents } from './security-events.js';
import { type ResolvedSharedSignals, settingsOf, SHARED_SIGNALS_OPTIONS } from './shared-signals.options.js';
import type { Stream } from './stream.entity.js';
import { StreamSecrets } from './stream-secrets.js';
import { StreamSubjects } from './stream-subjects.js';
import { Streams } from './streams.js';

const SWITCHED_OFF = 'the feature flag SHARED_SIGNALS is off';

/**
 * Tells receivers about revocations by Shared Signals, with the CAEP event `session-revoked`. {@link SharedSignalsModule} provides
 * it; list it in `notifications.sinks`.
 *
 * @see OpenID.CAEP §3.1, RFC 8935 §2
 * @publicApi
 */
@Injectable()
export class SharedSignals implements NotificationSink {
  readonly name = SINK;

  constructor(
    @Inject(FeatureFlags) private readonly flags: FeatureFlags,
    @Inject(Streams) private readonly streams: Streams,
    @Inject(StreamSubjects) private readonly subjects: StreamSubjects,
    @Inject(ReceiverUsers) private readonly users: ReceiverUsers,
    @Inject(Participants) private readonly participants: Participants,
    @Inject(HeldEvents) private readonly held: HeldEvents,
    @Inject(SecurityEvents) private readonly events: SecurityEvents,
    @Inject(StreamSecrets) private readonly secrets: StreamSecrets,
    @Inject(NotificationPost) private readonly post: NotificationPost,
    @Inject(SHARED_SIGNALS_OPTIONS) private readonly options: ResolvedSharedSignals,
    @Inject(HeldExpiry) expiry: HeldExpiry,
    @Inject(Sweeper) sweeper: Sweeper,
  ) {
    sweeper.add(expiry);
  }

  /** Streams about the user; if a realm was revoked, about each of its users with a session that has ended. */
  async recipients({ subject, realm }: NotifiedRevocation, page: string | undefined): Promise<RecipientPage> {
    if (!(await this.flags.isEnabled('SHARED_SIGNALS'))) return { recipients: [] };
    if (subject !== undefined) return { recipients: await this.subjects.streamsOf([subject]) };
    const { ended, next } = await this.participants.ended(realm, page);
    const subjects = [...new Set(ended.map((each) => each.subject))];
    return { recipients: await this.subjects.streamsOf(subjects), next };
  }

  async send(notification: Notification, signal: AbortSignal): Promise<SendResult> {
    if (!(await this.flags.isEnabled('SHARED_SIGNALS'))) return { state: 'superseded', answer: SWITCHED_OFF };
    const stream = await this.streams.find(notification.recipient);
    if (!stream) return { state: 'superseded', answer: 'the stream was deleted' };
    const saysSo = notification.data.startsWith(STORED_UPDATE);
    if (stream.status === 'disabled' && !saysSo) return { state: 'superseded', answer: 'the stream is disabled' };
    const record = await this.events.recordOf(notification);
    const isRevocation = notification.data === '';
    const why = isRevocation ? await this.users.whyNot(stream, notification.subject, record) : undefined;
    if (why !== undefined) return { state: 'superseded', answer: why };
    if (stream.endpointUrl === null) return this.hold(stream, saysSo);
    if (stream.status === 'paused' && !saysSo) return this.hold(stream, false);
    const event = await this.events.sign(stream, notification, record);
    await this.push(stream, stream.endpointUrl, event, signal);
    return {};
  }

  /** @see RFC 8935 §2.1 */
  private async push(stream: Stream, url: string, event: string, signal: AbortSignal): Promise<void> {
    const content = { type: 'application/secevent+jwt', body: event };
    const { pushHosts = [] } = settingsOf(this.options, stream.receiver);
    const authorization = this.secrets.authorizationOf(stream);
    await this.post.send(url, content, signal, { accept: 'application/json', allowedHosts: pushHosts, authorization });
  }

  private async hold(stream: Stream, isUrgent: boolean): Promise<SendResult> {
    if (isUrgent || !(await this.held.isFull(stream.id))) return { state: 'held' };
    const reason = `the stream holds ${HELD_MAX} events that nobody has fetched`;
    await this.streams.pause(stream.id, reason);
    throw new DeliveryError(reason, { isFinal: true });
  }
}
