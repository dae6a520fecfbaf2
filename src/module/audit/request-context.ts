import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { ArgumentsHost } from '@nestjs/common';
import type { Caller } from '../caller/caller.js';
import { rawRequest } from '../http/http-adapter.js';
import type { RevocationError } from '../revocation.errors.js';

/** A credential that was presented and may be invalid. */
export interface CredentialTried {
  /** As in {@link Caller.method}. */
  method: string;
  /** Id of a registered client, never an unverified one. */
  id?: string;
  /** The secret was valid, but the client is disabled. */
  isDisabled?: boolean;
}

/** Results of the endpoint's steps so far. */
export interface RequestSteps {
  /** Set if the request is for the endpoint. Other requests have no event. */
  readonly isForEndpoint?: true;
  /** Set if the request reads the state of a revocation: the last segment of its path. */
  readonly stateId?: string;
  /** Raw bytes of the body. */
  readonly body?: Uint8Array;
  /** Set if the request passed the host's own middleware and guards. */
  readonly hasReachedGuards?: true;
  readonly tried?: CredentialTried;
  readonly caller?: Caller;
  /** `format` of a valid identifier. */
  readonly format?: string;
  /** Keyed hash of the identifier; empty without a key. */
  readonly identifierHash?: string;
  /** Id of the {@link Revocation} record. */
  readonly revocationId?: string;
  /** Set if a session at an upstream identity provider has ended, instead of everything of its user. */
  readonly hasEndedSession?: true;
  readonly refusal?: RevocationError;
}

const contexts = new WeakMap<IncomingMessage, RequestContext>();

/** State of one request, for later steps, its record, its event and the log. @publicApi */
export class RequestContext {
  /** A valid `X-Request-Id`, else the trace id, else a new UUID. At most 64 characters. */
  readonly requestId: string;
  /** Trace id of a valid `traceparent`: 32 hex digits. @see Trace Context §3.2 */
  readonly traceId: string | undefined;
  /** Time of the first contact, on the clock of `performance.now()`. */
  readonly begun = performance.now();
  private readonly known: RequestSteps = {};

  private constructor({ headers }: IncomingMessage) {
    this.traceId = traceIdOf(headers['traceparent']);
    this.requestId = requestIdOf(headers['x-request-id']) ?? this.traceId ?? randomUUID();
  }

  /** Returns the one context of a request. @param request Node's request */
  static of(request: IncomingMessage): RequestContext {
    const known = contexts.get(request);
    if (known) return known;
    const context = new RequestContext(request);
    contexts.set(request, context);
    return context;
  }

  /** Current results. Only the methods below change them. */
  get steps(): RequestSteps {
    return this.known;
  }

  /** Step 0: the request is for the endpoint. @param stateId if it reads the state of a revocation */
  endpointReached(stateId?: string): void {
    this.add({ isForEndpoint: true, ...(stateId !== undefined && { stateId }) });
  }

  /** Step 0: the body was read. */
  bodyRead(body: Uint8Array): void {
    this.add({ body });
  }

  /** The request passed the host's guards. */
  guardsReached(): void {
    this.add({ hasReachedGuards: true });
  }

  /** Step 1: a credential is being checked, or its owner is now known. */
  credentialTried(tried: CredentialTried): void {
    this.add({ tried });
  }

  /** Step 1: the credential is valid. */
  authenticated(caller: Caller): void {
    this.add({ caller });
  }

  /** Step 4: the body names a user. */
  subjectNamed(named: { format: string; identifierHash: string }): void {
    this.add(named);
  }

  /** Step 6: the revocation is committed. @param revocationId id of its record */
  revoked(revocationId: string): void {
    this.add({ revocationId });
  }

  /** A session at an upstream identity provider has ended. */
  sessionEnded(): void {
    this.add({ hasEndedSession: true });
  }

  /** The state of a revocation was read. @param revocationId id of its record, which may not exist */
  stateRead(revocationId: string): void {
    this.add({ revocationId });
  }

  /** A step rejected the request. */
  refused(refusal: RevocationError): void {
    this.add({ refusal });
  }

  private add(steps: RequestSteps): void {
    Object.assign(this.known, steps);
  }
}

/** Returns the caller that `CallerAuthGuard` authenticated. @publicApi */
export const callerOf = (host: ArgumentsHost): Caller => RequestContext.of(rawRequest(host)).steps.caller!;

/** Accepts only characters that are harmless in a log line. */
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
