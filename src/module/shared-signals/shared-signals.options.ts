import * as v from 'valibot';
import type { StorageKey } from '../database/sealer.js';
import {
  isFunction,
  listOf,
  type Members,
  must,
  oneOf,
  read,
  recordOf,
  shape,
  text,
  wholeNumber,
} from '../options/schema.js';
import type { StatusListSigner } from '../options/status-lists.options.js';

export const SHARED_SIGNALS_OPTIONS = Symbol('SHARED_SIGNALS_OPTIONS');

/** Settings of one receiver. @publicApi */
export interface SharedSignalsReceiver {
  /**
   * Host names or addresses, as in the URL, to which this receiver may have events pushed. They may be non-public.
   *
   * @default any host with a public address
   */
  pushHosts?: readonly string[];
  /** Format of `sub_id` in events about users. `email` needs {@link SharedSignalsOptions.emailOf}. @default 'iss_sub' */
  subjectFormat?: 'iss_sub' | 'email';
}

/** Options of {@link SharedSignalsModule}. @publicApi */
export interface SharedSignalsOptions {
  /** Signs events with a key that `jwksUri` publishes: `jwksSigner(jwks)`, or a function of your own. Use RS256. */
  signer: StatusListSigner;
  /** Encrypts the `Authorization` values of receivers: a key of 32 bytes, or several, of which the first encrypts. */
  storageKey: StorageKey;
  /** Address of the public keys of `signer`. @default `jwks` below the issuer */
  jwksUri?: string;
  /**
   * Path of the management API below the path of the issuer, without slashes around it. Prefixes, versions and guards of the
   * application do not apply to it.
   *
   * @default 'ssf'
   */
  path?: string;
  /**
   * Whether new streams are about every user that the receiver may name, or about those that it adds.
   *
   * @default 'NONE'
   * @see OpenID.SSF §7.1
   */
  defaultSubjects?: 'ALL' | 'NONE';
  /** Shortest time between two requests for a verification of a stream, in seconds. @default 60 */
  minVerificationSeconds?: number;
  /** Longest wait of a poll for events, in milliseconds. Set it below the timeouts of proxies. @default 20000 */
  longPollMs?: number;
  /** Receivers with settings of their own, by client id. @default {} */
  receivers?: Readonly<Record<string, SharedSignalsReceiver>>;
  /**
   * Returns the e-mail address of a user, for receivers that want it. They are not told about users without one.
   *
   * @default not set
   */
  emailOf?: (subject: string) => Promise<string | undefined>;
}

const isPath = (value: unknown): boolean => typeof value === 'string' && /^[a-z0-9_~-]+(\/[a-z0-9_~-]+)*$/.test(value);

const isKey = (value: unknown): boolean => {
  const keys = value instanceof Uint8Array ? [value] : value;
  return Array.isArray(keys) && keys.length > 0 && keys.every((key) => key instanceof Uint8Array && key.length === 32);
};

const receiver = {
  pushHosts: v.exactOptional(listOf(text)),
  subjectFormat: v.optional(oneOf('iss_sub', 'email'), 'iss_sub'),
} satisfies Members<SharedSignalsReceiver>;

const options = shape({
  signer: must<StatusListSigner>('a function', isFunction),
  storageKey: must<StorageKey>('a key of 32 bytes, or a list of them', isKey),
  jwksUri: v.exactOptional(text),
  path: v.optional(must<string>('a path of lower-case letters, digits and _ ~ -', isPath), 'ssf'),
  defaultSubjects: v.optional(oneOf('ALL', 'NONE'), 'NONE'),
  minVerificationSeconds: v.optional(wholeNumber(0, 86_400), 60),
  longPollMs: v.optional(wholeNumber(0, 600_000), 20_000),
  receivers: v.optional(recordOf(shape(receiver)), {}),
  emailOf: v.exactOptional(must<(subject: string) => Promise<string | undefined>>('a function', isFunction)),
} satisfies Members<SharedSignalsOptions>);

export type ResolvedSharedSignals = v.InferOutput<typeof options>;

/** Returns what holds for a receiver. @param id client id */
export const settingsOf = (
  { receivers }: ResolvedSharedSignals,
  id: string,
): ResolvedSharedSignals['receivers'][string] =>
  (Object.hasOwn(receivers, id) ? receivers[id] : undefined) ?? { subjectFormat: 'iss_sub' };

/** Validates the options and fills in defaults. @throws Error that lists all findings */
export function resolveSharedSignals(given: SharedSignalsOptions): ResolvedSharedSignals {
  const { value, findings } = read(options, given);
  const needsEmail = findings.length === 0 && !value.emailOf;
  for (const [id, { subjectFormat }] of needsEmail ? Object.entries(value.receivers) : [])
    if (subjectFormat === 'email') findings.push(`receivers.${id}.subjectFormat: 'email' needs the option emailOf`);
  if (findings.length > 0) throw new Error(`SharedSignalsModule: ${findings.join('\n')}`);
  return value;
}
