import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { RevocationError } from '../revocation.errors.js';

/** What is known about a request, gathered on its way: for its record, its event and its line in the log. */
export interface RequestFacts {
  /** A valid `X-Request-Id`, else the trace id, else a new UUID. At most 64 characters. */
  readonly requestId: string;
  /** Trace id of a valid `traceparent`: 32 hex digits. @see Trace Context §3.2 */
  readonly traceId?: string;
  /** When it was first seen, on the clock of `performance.now()`. */
  readonly begun: number;
  /** Whether it is for the endpoint; others have no event. */
  isForEndpoint?: true;
  /** Whether it came to the endpoint's own guards, past whatever the host has in front of them. */
  hasReachedUs?: true;
  /** Whose credential was sent, and how, before it was checked. A client id is that of a registered client, never as sent. */
  attempt?: Attempt;
  /** Who was let in. */
  caller?: RequestCaller | undefined;
  /** `format` of a valid identifier. */
  format?: string;
  /** Keyed hash of the identifier; empty without a key. */
  identifierHash?: string;
  /** Id of the {@link Revocation} record. */
  revocationId?: string;
  /** How it was refused. */
  refusal?: RevocationError;
}

/** A credential that may not be good. */
export interface Attempt extends Pick<RequestCaller, 'method'> {
  id?: string;
  /** It was the client's, but the client is disabled. */
  isDisabled?: boolean;
}

/** What an event says about a caller. */
export interface RequestCaller {
  id: string;
  method: string;
  keyId?: string;
  assertion?: { jti: string };
}

const facts = new WeakMap<IncomingMessage, RequestFacts>();

/** The facts of a request; the same object whoever asks. @param request Node's own */
export function factsOf(request: IncomingMessage): RequestFacts {
  const known = facts.get(request) ?? begin(request);
  facts.set(request, known);
  return known;
}

function begin({ headers }: IncomingMessage): RequestFacts {
  const traceId = traceIdOf(headers['traceparent']);
  const requestId = requestIdOf(headers['x-request-id']) ?? traceId ?? randomUUID();
  return { requestId, begun: performance.now(), ...(traceId !== undefined && { traceId }) };
}

/** Nothing that could break a log line or hide something in it. */
const requestIdOf = (header: unknown): string | undefined =>
  typeof header === 'string' && /^[A-Za-z0-9._-]{1,64}$/.test(header) ? header : undefined;

/** @see Trace Context §3.2.2: all zeros and version ff are invalid; a later version may have more fields */
function traceIdOf(header: unknown): string | undefined {
  const match = /^(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(-.*)?$/.exec(
    typeof header === 'string' ? header : '',
  );
  const isTooLong = match?.[1] === '00' && match[3] !== undefined;
  return isTooLong ? undefined : match?.[2];
}
