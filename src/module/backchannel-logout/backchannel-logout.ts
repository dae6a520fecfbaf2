import { Inject, Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { LOGOUT_TOKEN_TYPE } from '../caller/assertion/logout-token.js';
import { onPrimary } from '../database/primary.js';
import { REVOCATION_DATA_SOURCE } from '../database/revocation-data-source.js';
import { NotificationPost } from '../notifications/notification-post.js';
import { GLOBAL_REVOCATION_OPTIONS, type ResolvedOptions } from '../options/global-revocation.options.js';
import type {
  Notification,
  NotificationSink,
  NotifiedRevocation,
  RecipientPage,
  SendResult,
} from '../options/notification-sink.js';
import { Sweeper } from '../revocation/sweep/sweeper.js';
import { Revocation } from '../revocation/revocation.entity.js';
import { Participants } from './participants.js';
import { type LogoutRecipient, type LogoutSubject, RelyingParties } from './relying-parties.js';

const FORM = 'application/x-www-form-urlencoded';

/** Most requests of an attempt at the same time: a user may have had any number of sessions at one relying party. */
const AT_ONCE = 20;

/**
 * Tells relying parties by back-channel logout that a user was revoked, so that they end their own sessions. Provide it and
 * {@link RelyingParties}, and list it in {@link Notifications.sinks}.
 *
 * @see OpenID.Back-Channel §2.5
 * @publicApi
 */
@Injectable()
export class BackchannelLogout implements NotificationSink {
  readonly name = 'backchannel-logout';

  constructor(
    @Inject(Participants) private readonly participants: Participants,
    @Inject(RelyingParties) private readonly relyingParties: RelyingParties,
    @Inject(NotificationPost) private readonly post: NotificationPost,
    @Inject(REVOCATION_DATA_SOURCE) private readonly dataSource: DataSource,
    @Inject(Sweeper) sweeper: Sweeper,
    @Inject(GLOBAL_REVOCATION_OPTIONS) { notifications }: Pick<ResolvedOptions, 'notifications'>,
  ) {
    if (notifications.sinks.length > 0) sweeper.add(participants);
  }

  /** Leaves out the identity provider whose logout token caused the revocation, if it is also a client. */
  async recipients(
    { id: recordId, subject, realm }: NotifiedRevocation,
    page: string | undefined,
  ): Promise<RecipientPage> {
    if (subject !== undefined) {
      const told = (await this.participants.endedOf(subject)).map((id) => ({ id, subject }));
      const by = told.length === 0 ? undefined : await this.identityProviderOf(recordId);
      return { recipients: await this.reachable(told.filter(({ id }) => id !== by)) };
    }
    const { ended, next } = await this.participants.ended(realm, page);
    const recipients = await this.reachable(ended.map(({ clientId: id, subject: whose }) => ({ id, subject: whose })));
    return { recipients, next };
  }

  /** Compares epochs before each attempt, because a token without `sid` would end a session that began meanwhile. */
  async send({ recipient, subject }: Notification, signal: AbortSignal): Promise<SendResult> {
    const client = await this.relyingParties.find(recipient);
    if (!client) return { state: 'superseded', answer: 'the client no longer has a backchannel_logout_uri' };
    const { ended, hasNewer } = await this.participants.sessions(subject, recipient);
    if (!hasNewer && !client.needsSid) return this.tell(client, [{ subject }], signal);
    const tokens = ended.map((sid) => ({ subject, sid }));
    if (tokens.length > 0) return this.tell(client, tokens, signal);
    return { state: 'superseded', answer: 'no session id is known, and a newer session would end' };
  }

  private async identityProviderOf(id: string): Promise<string | undefined> {
    const method = LOGOUT_TOKEN_TYPE;
    const record = await onPrimary(this.dataSource, (manager) => manager.findOneBy(Revocation, { id, method }));
    return record?.actor;
  }

  private async tell(client: LogoutRecipient, tokens: LogoutSubject[], signal: AbortSignal): Promise<SendResult> {
    const send = async (claims: LogoutSubject): Promise<void> => {
      const body = new URLSearchParams({ logout_token: await client.logoutToken(claims) }).toString();
      await this.post.send(client.uri, { type: FORM, body }, signal);
    };
    for (let first = 0; first < tokens.length; first += AT_ONCE)
      await Promise.all(tokens.slice(first, first + AT_ONCE).map(send));
    return {};
  }

  private async reachable<T extends { id: string }>(recipients: T[]): Promise<T[]> {
    const ids = [...new Set(recipients.map(({ id }) => id))];
    const found = await Promise.all(ids.map((id) => this.relyingParties.find(id)));
    const reachable = new Set(ids.filter((_id, i) => found[i]));
    return recipients.filter(({ id }) => reachable.has(id));
  }
}
