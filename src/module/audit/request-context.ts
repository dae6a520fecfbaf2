import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { ArgumentsHost } from '@nestjs/common';
import type { Caller } from '../caller/caller.js';
import { rawRequest } from '../http/http-adapter.js';
import type { RevocationError } from '../revocation.errors.js';

/** A credential that was sent, and may not be good. */
export interface CredentialTried {
  /** As in {@link Caller.method}. */
  method: string;
  /** Id of a registered client, never what a stranger sent. */
  id?: string;
  /** The credential was right, but its client is disabled. */
  isDisabled?: boolean;
}

/** What the steps of the endpoint have found out about a request so far. */
export interface RequestSteps {
  /** The request is for the endpoint; others have no event. */
  readonly isForEndpoint?: true;
  /** The bytes of the body, as they came. */
  readonly body?: Uint8Array;
  /** The request came to the endpoint's own guards, past whatever the host has in front of them. */
  readonly hasReachedGuards?: true;
  readonly tried?: CredentialTried;
  readonly caller?: Caller;
  /** `format` of a valid identifier. */
  readonly format?: string;
  /** Keyed hash of the identifier; empty without a key. */
  readonly identifierHash?: string;
  /** Id of the {@link Revocation} record. */
  readonly revocationId?: string;
  readonly refusal?: RevocationError;
}

const contexts = new WeakMap<IncomingMessage, RequestContext>();

/** What is known about one request, for later steps, its record, its event and its line in the log. @publicApi */
export class RequestContext {
  /** A valid `X-Request-Id`, else the trace id, else a new UUID. At most 64 characters. */
  readonly requestId: string;
  /** Trace id of a valid `traceparent`: 32 hex digits. @see Trace Context §3.2 */
  readonly traceId: string | undefined;
  /** When the request was first seen, on the clock of `performance.now()`. */
  readonly begun = performance.now();
  private known: RequestSteps = {};

  private constructor({ headers }: IncomingMessage) {
    this.traceId = traceIdOf(headers['traceparent']);
    this.requestId = requestIdOf(headers['x-request-id']) ?? this.traceId ?? randomUUID();
  }

  /** Returns the context of a request, the same one every time. @param request Node's own */
  static of(request: IncomingMessage): RequestContext {
    const context = contexts.get(request) ?? new RequestContext(request);
    contexts.set(request, context);
    return context;
  }

  /** What is known now. Each of the methods below adds to it; nothing else does. */
  get steps(): RequestSteps {
    return this.known;
  }

  /** Step 0: the path is the endpoint's. */
  endpointReached(): void {
    this.add({ isForEndpoint: true });
  }

  /** Step 0: the body was read, before the host's parser could. */
  bodyRead(body: Uint8Array): void {
    this.add({ body });
  }

  /** The host let the request through to the endpoint's own guards. */
  guardsReached(): void {
    this.add({ hasReachedGuards: true });
  }

  /** Step 1: a credential is about to be checked, or more is known about whose it is. */
  credentialTried(tried: CredentialTried): void {
    this.add({ tried });
  }

  /** Step 1: the credential is good. */
  authenticated(caller: Caller): void {
    this.add({ caller });
  }

  /** Step 4: the body names a subject. */
  subjectNamed(named: { format: string; identifierHash: string }): void {
    this.add(named);
  }

  /** Step 6: the revocation is committed. @param revocationId id of its record */
  revoked(revocationId: string): void {
    this.add({ revocationId });
  }

  /** A step refused the request. */
  refused(refusal: RevocationError): void {
    this.add({ refusal });
  }

  private add(steps: RequestSteps): void {
    this.known = { ...this.known, ...steps };
  }
}

/** Returns the caller that `CallerAuthGuard` let in. @publicApi */
export const callerOf = (host: ArgumentsHost): Caller => RequestContext.of(rawRequest(host)).steps.caller!;

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
