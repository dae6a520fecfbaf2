import { Inject, Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { SIGNED_REQUEST_TYPE } from '../caller/assertion/identity-providers.js';
import { LOGOUT_TOKEN_TYPE } from '../caller/assertion/logout-token.js';
import { onPrimary } from '../database/primary.js';
import { REVOCATION_DATA_SOURCE } from '../database/revocation-data-source.js';
import { GLOBAL_REVOCATION_OPTIONS, type ResolvedOptions } from '../options/global-revocation.options.js';
import { DeliveryError, type Notification } from '../options/notification-sink.js';
import { Revocation } from '../revocation/revocation.entity.js';
import { SESSION_REVOKED, type StreamEvent } from './event-types.js';
import { type ResolvedSharedSignals, SHARED_SIGNALS_OPTIONS } from './shared-signals.options.js';
import type { Stream } from './stream.entity.js';

/** What an event is about. */
export type Told = Pick<Notification, 'id' | 'subject' | 'data'> & {
  revocation: Pick<Notification['revocation'], 'id' | 'createdAt'>;
};

/** Why, for administrators of the receiver. Says nothing about the user. */
const REASON = { en: 'All sessions and tokens of the user were revoked' };

/** `typ` of those who revoke by a policy: signed requests and logout tokens of identity providers. */
const OF_A_POLICY = [SIGNED_REQUEST_TYPE, LOGOUT_TOKEN_TYPE];

/** Makes security event tokens. The same event has the same claims whenever it is made. @see RFC 8417 §2.2 */
@Injectable()
export class SecurityEvents {
  constructor(
    @Inject(REVOCATION_DATA_SOURCE) private readonly dataSource: DataSource,
    @Inject(GLOBAL_REVOCATION_OPTIONS) private readonly options: Pick<ResolvedOptions, 'issuer'>,
    @Inject(SHARED_SIGNALS_OPTIONS) private readonly signals: ResolvedSharedSignals,
  ) {}

  /**
   * Returns an event for a stream, signed.
   *
   * @param record {@link recordOf} the same event
   * @throws DeliveryError final if the stream wants e-mail addresses and the user has none
   * @see OpenID.SSF §4.1.1, §4.1.2, §4.1.7, §4.1.9
   */
  async sign(stream: Stream, told: Told, record: Revocation | null): Promise<string> {
    const { id, revocation, data } = told;
    const seconds = Math.floor(revocation.createdAt / 1000);
    const about = data === '' ? await this.revoked(stream, told, record) : ofStream(stream, data);
    const claims = {
      ...{ iss: this.options.issuer, iat: seconds, jti: id, aud: stream.audience, txn: revocation.id },
      ...about,
    };
    return this.signals.signer(claims, { typ: 'secevent+jwt' });
  }

  /** Returns the record of the revocation; null after `epochs raise-all`, and for events of the stream itself. */
  async recordOf({ revocation: { id }, data }: Told): Promise<Revocation | null> {
    if (data !== '') return null;
    return onPrimary(this.dataSource, (manager) => manager.findOneBy(Revocation, { id }));
  }

  /** @see OpenID.CAEP §3.1 */
  private async revoked(stream: Stream, { subject, revocation }: Told, record: Revocation | null): Promise<object> {
    const seconds = Math.floor(revocation.createdAt / 1000);
    const event = { event_timestamp: seconds, initiating_entity: initiator(record?.method), reason_admin: REASON };
    return { sub_id: await this.subjectOf(stream, subject), events: { [SESSION_REVOKED]: event } };
  }

  private async subjectOf({ subjectFormat }: Stream, subject: string): Promise<object> {
    if (subjectFormat === 'iss_sub') return { format: 'iss_sub', iss: this.options.issuer, sub: subject };
    const email = await this.signals.emailOf?.(subject);
    if (email === undefined || email === '')
      throw new DeliveryError('the stream names users by e-mail address, and this user has none', { isFinal: true });
    return { format: 'email', email };
  }
}

function ofStream({ id }: Stream, data: string): object {
  const { type, claims } = JSON.parse(data) as StreamEvent;
  return { sub_id: { format: 'opaque', id }, events: { [type]: claims } };
}

/** @param method of the record; undefined after `epochs raise-all` @see OpenID.CAEP §2 */
function initiator(method: string | undefined): string {
  if (method !== undefined && OF_A_POLICY.includes(method)) return 'policy';
  return method === 'in_process' ? 'system' : 'admin';
}
