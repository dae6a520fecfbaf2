/** A revocation, as sinks receive it. @publicApi */
export interface NotifiedRevocation {
  /** Id of the {@link Revocation} record; after `epochs raise-all`, an id of its own. */
  readonly id: string;
  /** Account id (`sub`) of the user; undefined if a realm was revoked. */
  readonly subject: string | undefined;
  /** The realm that was revoked: `everybody`, or the name that the host gave it; empty for a user. */
  readonly realm: string;
  /** Epoch of the user before the revocation; 0 if there was none, or if a realm was revoked. */
  readonly epochBefore: number;
  /** Epoch of the user after the revocation; 0 if a realm was revoked. */
  readonly epochAfter: number;
  /** UTC epoch milliseconds. */
  readonly createdAt: number;
}

/** A recipient of notifications. @publicApi */
export interface Recipient {
  /** Name of the recipient within its sink, such as a client id; at most 255 characters. */
  readonly id: string;
  /** Account id of the user that the notification is about; required if a realm was revoked. @default the user of the revocation */
  readonly subject?: string;
  /** Further data for {@link NotificationSink.send}; stored unencrypted with the delivery. @default '' */
  readonly data?: string;
}

/** A page of recipients. @publicApi */
export interface RecipientPage {
  /** Recipients of this page, at most about 1000. A recipient that is named twice is told once. */
  readonly recipients: readonly Recipient[];
  /** Names the next page in the next call of {@link NotificationSink.recipients}. @default none: this page is the last */
  readonly next?: string | undefined;
}

/** One notification for one recipient. @publicApi */
export interface Notification {
  /** Id of the delivery, the same for all its attempts: recipients can recognise repetitions. */
  readonly id: string;
  /** The revocation. */
  readonly revocation: NotifiedRevocation;
  /** {@link Recipient.id} */
  readonly recipient: string;
  /** Account id of the user that it is about. */
  readonly subject: string;
  /** {@link Recipient.data} */
  readonly data: string;
  /** Number of this attempt; the first is 1. */
  readonly attempt: number;
}

/** Result of an attempt that need not be repeated. @publicApi */
export interface SendResult {
  /**
   * `superseded`: the recipient was not told, because that would have ended something newer, or because it is no longer to be told.
   * `held`: the recipient fetches the notification itself.
   *
   * @default 'delivered'
   */
  readonly state?: 'delivered' | 'superseded' | 'held';
  /** What the recipient answered, for operators. Cut at 255 characters. @default '' */
  readonly answer?: string;
}

/**
 * Tells others about revocations: a message bus, a webhook, relying parties. Configure yours in
 * {@link Notifications.sinks}. Any number of nodes share the work, and a notification may be sent more than once.
 *
 * @publicApi
 */
export interface NotificationSink {
  /** Name of the sink in stored deliveries, unique and the same in every version; at most 64 characters. */
  readonly name: string;
  /**
   * Returns the recipients, page by page. If it throws, it is called again later, until it succeeds.
   *
   * @param page {@link RecipientPage.next} of the previous page; undefined for the first
   */
  recipients(revocation: NotifiedRevocation, page: string | undefined): Promise<RecipientPage>;
  /**
   * Tells one recipient. First check that this ends nothing newer than the revocation: minutes or hours may have passed.
   *
   * @param signal aborts after 10 seconds; the attempt then counts as failed
   * @throws DeliveryError with `isFinal` if another attempt would fail as well; after any other error, it is called again
   */
  send(notification: Notification, signal: AbortSignal): Promise<SendResult | void>;
}

/** Says why an attempt failed, and whether to repeat it. @publicApi */
export class DeliveryError extends Error {
  /** Whether another attempt would fail as well. */
  readonly isFinal: boolean;
  /** Shortest time until the next attempt, in milliseconds. */
  readonly retryAfterMs: number;

  /** @param options `isFinal` (default false), `retryAfterMs` (default 0) and `cause` */
  constructor(message: string, options: ErrorOptions & { isFinal?: boolean; retryAfterMs?: number } = {}) {
    super(message, options);
    this.name = 'DeliveryError';
    this.isFinal = options.isFinal ?? false;
    this.retryAfterMs = options.retryAfterMs ?? 0;
  }
}
