import type { Type } from '@nestjs/common';
import * as v from 'valibot';
import type { NotificationSink } from './notification-sink.js';
import { trusted } from './public-keys.options.js';
import { isFunction, listOf, type Members, must, shape, TIMER_MAX, wholeNumber } from './schema.js';

/** Who is told about revocations, and how. @publicApi */
export interface Notifications {
  /**
   * Your {@link NotificationSink}s. Provide each in one of your modules, in the default scope. Without sinks, no
   * notifications are stored.
   *
   * @default []
   */
  sinks?: ReadonlyArray<Type<NotificationSink>>;
  /**
   * Average time between two searches for notifications of other processes and for those to repeat, in milliseconds.
   * Notifications of this process are sent immediately. With 0, this process sends none and does not need the sinks.
   *
   * @default 1000
   */
  intervalMs?: number;
  /**
   * Maximum number of notifications that this process sends at the same time.
   *
   * @default 32
   */
  parallel?: number;
  /**
   * Host names or addresses, as in the URL, that may be non-public when {@link NotificationPost} sends to them.
   *
   * @default []
   */
  allowedHosts?: readonly string[];
  /**
   * PEM certificates of authorities that {@link NotificationPost} trusts in addition to Node's own.
   *
   * @default []
   */
  ca?: readonly string[];
}

/** How others are told about revocations. @publicApi */
export interface NotificationOptions {
  /**
   * Who is told about revocations. This happens in the background, with separate repetitions for each recipient: 8 attempts within about
   * two and a half hours.
   *
   * @default {}
   */
  notifications?: Notifications;
}

const notifications = {
  sinks: v.optional(listOf(must<Type<NotificationSink>>('a class', isFunction)), []),
  intervalMs: v.optional(wholeNumber(0, TIMER_MAX), 1000),
  parallel: v.optional(wholeNumber(1, 1000), 32),
  ...trusted,
} satisfies Members<Notifications>;

export const notificationOptions = {
  notifications: v.optional(shape(notifications), {}),
} satisfies Members<NotificationOptions>;
