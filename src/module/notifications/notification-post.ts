import { Inject, Injectable } from '@nestjs/common';
import { guardedRequest, type PostContent, UnexpectedStatus } from '../caller/keys/guarded-request.js';
import { GLOBAL_REVOCATION_OPTIONS, type ResolvedOptions } from '../options/global-revocation.options.js';
import { DeliveryError } from '../options/notification-sink.js';

const TIMEOUT_MS = 5000;

/** Statuses below 500 that may change. @see RFC 9110 §15.5.9, RFC 6585 §4 */
const TRANSIENT = [408, 429];

/** Options of a request. @publicApi */
export interface PostOptions {
  /** Value of the header `Authorization`. @default none */
  authorization?: string | undefined;
  /** Value of the header `Accept`. @default anything */
  accept?: string;
  /** Hosts that may be non-public, instead of {@link Notifications.allowedHosts}. */
  allowedHosts?: readonly string[];
}

/** Codes of errors of the network; others are those of TLS, or say that the request was not allowed. */
const NETWORK = [
  ...['EAI_AGAIN', 'ECONNABORTED', 'ECONNREFUSED', 'ECONNRESET', 'EHOSTDOWN', 'EHOSTUNREACH', 'ENETDOWN'],
  ...['ENETUNREACH', 'ENOTFOUND', 'EPIPE', 'ETIMEDOUT', 'ABORT_ERR'],
];

/**
 * Sends notifications by HTTP, for your {@link NotificationSink}: to https URLs without a password, without redirects, within
 * 5 seconds, to public addresses. The address is checked on the connected socket. Hosts of {@link Notifications.allowedHosts}
 * may be non-public, and outside of production also `http` if they are loopback addresses.
 *
 * @publicApi
 */
@Injectable()
export class NotificationPost {
  constructor(
    @Inject(GLOBAL_REVOCATION_OPTIONS)
    private readonly options: Pick<ResolvedOptions, 'notifications' | 'production'>,
  ) {}

  /**
   * Sends a request with `POST`. Any 2xx status is a success. The body of the answer is ignored; it may have at most 64 kB.
   *
   * @param signal of {@link NotificationSink.send}
   * @throws DeliveryError final, unless the network failed, time was up, or the status is 408, 429 or at least 500; with the
   *   time of `Retry-After`, and with the reason that JSON of a 400 gives as `err` and `description`
   * @see RFC 9110 §10.2.3, RFC 8725 §3.10, RFC 8935 §2.4
   */
  async send(url: string, content: PostContent, signal: AbortSignal, options: PostOptions = {}): Promise<void> {
    const { notifications, production } = this.options;
    const { ca } = notifications;
    const { allowedHosts = notifications.allowedHosts, accept = '*/*', authorization } = options;
    const own = AbortSignal.timeout(TIMEOUT_MS);
    const isSuccess = (status: number): boolean => status >= 200 && status < 300;
    const request = { allowedHosts, ca, http: !production, accept, content, authorization, isSuccess, explained: 400 };
    try {
      await guardedRequest(new URL(url), { ...request, signal: AbortSignal.any([signal, own]) });
    } catch (cause) {
      throw failureOf(cause);
    }
  }
}

function failureOf(cause: unknown): DeliveryError {
  if (cause instanceof UnexpectedStatus) {
    const { status, retryAfter, refusal } = cause;
    const message = [cause.message, explanation(refusal)].filter(Boolean).join(': ');
    const isFinal = status < 500 && !TRANSIENT.includes(status);
    return new DeliveryError(message, { cause, isFinal, retryAfterMs: msOf(retryAfter) });
  }
  const { message, code = '' } = cause as Error & { code?: string };
  // Texts of OpenSSL end with a line break.
  return new DeliveryError(message.trim() || code, { cause, isFinal: !NETWORK.includes(code) });
}

/** Returns what a receiver says is wrong with an event. @see RFC 8935 §2.3, RFC 8936 §2.6 */
export const saidIn = ({ err, description }: Readonly<Record<string, unknown>>): string =>
  [err, description].filter((part) => typeof part === 'string' && part !== '').join(': ');

function explanation(refusal: string): string {
  try {
    return saidIn(JSON.parse(refusal) as Record<string, unknown>);
  } catch {
    return '';
  }
}

/** Returns the milliseconds of `Retry-After`, which is seconds or a date; 0 for anything else. */
function msOf(retryAfter = ''): number {
  if (/^\d+$/.test(retryAfter)) return Number(retryAfter) * 1000;
  const at = Date.parse(retryAfter);
  return Number.isNaN(at) ? 0 : Math.max(0, at - Date.now());
}
