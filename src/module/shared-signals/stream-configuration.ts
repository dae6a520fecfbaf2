import { isDeepStrictEqual } from 'node:util';
import { isObject } from '../options/schema.js';
import { invalid } from './ssf-refusal.js';

/** Delivery methods. @see RFC 8935 §2, RFC 8936 §2, OpenID.SSF §6.1 */
export const METHODS = { push: 'urn:ietf:rfc:8935', poll: 'urn:ietf:rfc:8936' } as const;

/** What a receiver supplies. Members that it does not send are undefined. */
export interface Supplied {
  eventsRequested?: string[];
  description?: string;
  /** Null for polling. */
  push?: { url: string; authorization: string | undefined } | null;
}

/** Rules for the URL to which a receiver wants events pushed. */
interface PushRules {
  http: boolean;
  /** Allowed hosts. @default all */
  hosts?: readonly string[] | undefined;
}

const EVENTS_MAX = 100;
const TEXT_MAX = 2048;
export const HEADER_MAX = 4096;

/**
 * Reads the receiver-supplied members of a configuration.
 *
 * @throws SsfRefusal
 * @see OpenID.SSF §8.1.1
 */
export function readSupplied(body: Readonly<Record<string, unknown>>, rules: PushRules): Supplied {
  const { events_requested: events, description, delivery } = body;
  if (events !== undefined && !isListOfTexts(events))
    throw invalid(`events_requested must be a list of at most ${EVENTS_MAX} strings`);
  if (description !== undefined && !isShortText(description)) throw invalid('description must be a string');
  return {
    ...(events !== undefined && { eventsRequested: [...new Set(events)] }),
    ...(description !== undefined && { description }),
    ...(delivery !== undefined && { push: readDelivery(delivery, rules) }),
  };
}

function readDelivery(delivery: unknown, rules: PushRules): NonNullable<Supplied['push']> | null {
  if (!isObject(delivery)) throw invalid('delivery must be an object');
  const { method, endpoint_url: url, authorization_header: authorization } = delivery;
  if (method === METHODS.poll) return null;
  if (method !== METHODS.push) throw invalid(`delivery.method must be ${METHODS.push} or ${METHODS.poll}`);
  if (!isPushUrl(url, rules))
    throw invalid(
      'delivery.endpoint_url must be an https URL without a password, at a host that this receiver may use',
    );
  if (authorization !== undefined && !isHeader(authorization))
    throw invalid(`delivery.authorization_header must be the value of a header, of at most ${HEADER_MAX} characters`);
  return { url, authorization };
}

/**
 * Rejects a transmitter-supplied member that is not as it is.
 *
 * @param current configuration before the change
 * @throws SsfRefusal
 * @see OpenID.SSF §8.1.1.3, §8.1.1.4
 */
export function checkTransmitterSupplied(
  body: Readonly<Record<string, unknown>>,
  current: Readonly<Record<string, unknown>>,
): void {
  for (const name of ['iss', 'aud', 'events_supported', 'events_delivered', 'min_verification_interval'])
    if (body[name] !== undefined && !isDeepStrictEqual(body[name], current[name]))
      throw invalid(`${name} is supplied by the transmitter: leave it out, or send it as it is`);
}

const isShortText = (value: unknown): value is string => typeof value === 'string' && value.length <= TEXT_MAX;

const isListOfTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.length <= EVENTS_MAX && value.every(isShortText);

export const isHeader = (value: unknown): value is string =>
  typeof value === 'string' && value.length <= HEADER_MAX && /^[\x21-\x7e]+([ \t]+[\x21-\x7e]+)*$/.test(value);

export function isPushUrl(value: unknown, { http, hosts }: PushRules): value is string {
  if (!isShortText(value) || !/^[\x21-\x7e]+$/.test(value) || !URL.canParse(value)) return false;
  const { protocol, username, password, hostname, hash } = new URL(value);
  const isWebUrl = protocol === 'https:' || (http && protocol === 'http:');
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  return isWebUrl && username === '' && password === '' && hash === '' && (hosts?.includes(host) ?? true);
}
