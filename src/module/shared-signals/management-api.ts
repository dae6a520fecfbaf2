import type { IncomingMessage, ServerResponse } from 'node:http';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { RequestContext } from '../audit/request-context.js';
import { keepBody } from '../endpoint/request-body.js';
import { typeRefusal } from '../endpoint/request-head.js';
import { parseStrictJson } from '../endpoint/strict-json.js';
import { FeatureFlags } from '../feature-flags/feature-flags.service.js';
import { onHttpAdapter } from '../http/adapter-host.js';
import { type Interceptor, isRead } from '../http/http-adapter.js';
import { requestPath, requestQuery } from '../http/request-target.js';
import { isObject } from '../options/schema.js';
import { asRefusal, RevocationError } from '../revocation.errors.js';
import { ConfigurationEndpoint } from './configuration-endpoint.js';
import type { Operation, Reply, Resource } from './management-call.js';
import { PollEndpoint } from './poll-endpoint.js';
import { Receivers } from './receiver.js';
import { writeRefusal, writeReply } from './reply.js';
import { SsfRefusal } from './ssf-refusal.js';
import { StatusEndpoint } from './status-endpoint.js';
import { SubjectEndpoints } from './subject-endpoints.js';
import { TransmitterMetadata } from './transmitter-metadata.js';
import { VerificationEndpoint } from './verification-endpoint.js';

/** Largest accepted body, in bytes: acknowledgements of several hundred events. */
const BODY_MAX = 65_536;

const DISCOVERY: Resource = { path: '', operations: {} };

/** A resource, and what follows its path in a request. */
type Found = readonly [resource: Resource, below: string];

/** An operation of the management API. */
export interface ServedOperation extends Pick<Operation, 'access'> {
  method: string;
  /** Below the path of the management API. */
  path: string;
}

/**
 * Serves the discovery document and the management API while the feature flag `SHARED_SIGNALS` is on, before everything of the
 * host.
 *
 * @see OpenID.SSF §7.2.1, §8.1
 */
@Injectable()
export class ManagementApi {
  private readonly resources: ReadonlyMap<string, Resource>;
  private readonly logger = new Logger('GlobalRevocation');

  constructor(
    @Inject(HttpAdapterHost) host: HttpAdapterHost,
    @Inject(FeatureFlags) private readonly flags: FeatureFlags,
    @Inject(Receivers) private readonly receivers: Receivers,
    @Inject(TransmitterMetadata) private readonly metadata: TransmitterMetadata,
    @Inject(ConfigurationEndpoint) configuration: ConfigurationEndpoint,
    @Inject(StatusEndpoint) status: StatusEndpoint,
    @Inject(VerificationEndpoint) verification: VerificationEndpoint,
    @Inject(SubjectEndpoints) { resources }: SubjectEndpoints,
    @Inject(PollEndpoint) poll: PollEndpoint,
  ) {
    const paths = [configuration, status, verification, ...resources, poll].map((resource) => {
      const { pathname } = new URL(metadata.urlOf(resource.path));
      return [requestPath(pathname), resource] as const;
    });
    this.resources = new Map([...paths, [requestPath(metadata.documentPath), DISCOVERY]]);
    onHttpAdapter(host, (adapter) => void adapter.use(this.intercept));
  }

  /** Everything that receivers can do. */
  get operations(): ServedOperation[] {
    return [...this.resources.values()].flatMap(({ path, operations }) =>
      Object.entries(operations).map(([method, { access }]) => ({ method, path, access })),
    );
  }

  private readonly intercept: Interceptor = (request, response, next) => {
    const found = this.at(requestPath(request.url));
    if (found) void this.handle(found, request, response, next);
    else next();
  };

  private at(path: string): Found | undefined {
    const exact = this.resources.get(path);
    if (exact && exact.path !== 'poll') return [exact, ''];
    const cut = path.lastIndexOf('/');
    const above = this.resources.get(path.slice(0, cut));
    return above?.path === 'poll' ? [above, path.slice(cut + 1)] : undefined;
  }

  /** Leaves the request to the host while the feature flag is off. */
  private async handle(found: Found, ...[request, response, next]: Parameters<Interceptor>): Promise<void> {
    try {
      if (await this.flags.isEnabled('SHARED_SIGNALS')) return await this.serve(found, request, response);
    } catch (error) {
      return this.fail(error, request, response);
    }
    next();
  }

  private async serve([resource, below]: Found, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '' } = request;
    if (resource === DISCOVERY) {
      response.setHeader('Access-Control-Allow-Origin', '*');
      if (!isRead(request)) throw notAllowed(response, 'GET, HEAD');
      return writeReply(response, { status: 200, body: this.metadata.document() });
    }
    const operation = Object.hasOwn(resource.operations, method) ? resource.operations[method] : undefined;
    if (!operation) throw notAllowed(response, Object.keys(resource.operations).join(', '));
    writeReply(response, await this.answer(resource, operation, below, request, response));
  }

  private async answer(
    { path }: Resource,
    operation: Operation,
    below: string,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<Reply> {
    const url = this.metadata.urlOf(below === '' ? path : `${path}/${below}`);
    const receiver = await this.receivers.of(request, url, operation.access);
    const ended = new AbortController();
    response.once('close', () => ended.abort());
    const hasBody = request.method !== 'GET' && request.method !== 'DELETE';
    const body = hasBody ? await bodyOf(request) : {};
    return operation.answer({ receiver, query: requestQuery(request.url), body, below, ended: ended.signal });
  }

  private fail(error: unknown, request: IncomingMessage, response: ServerResponse): void {
    const refusal = error instanceof SsfRefusal ? error : asRefusal(error);
    if (refusal.status >= 500) {
      const { cause } = refusal as Error;
      this.logger.error(
        `a request of Shared Signals failed: ${cause instanceof Error ? cause.message : String(cause)}`,
      );
    }
    request.resume();
    if (!response.headersSent) writeRefusal(response, refusal, request.headers.authorization, this.metadata.document());
  }
}

function notAllowed(response: ServerResponse, allowed: string): SsfRefusal {
  response.setHeader('Allow', allowed);
  return new SsfRefusal(405, 'invalid_request', `only ${allowed} is allowed`);
}

/** @throws RevocationError of step 0 and `malformedJson` @see RFC 8259 §8.1 */
async function bodyOf(request: IncomingMessage): Promise<Record<string, unknown>> {
  const reason = typeRefusal(request) ?? (await keepBody(request, BODY_MAX));
  if (reason === 'bodyTooLarge')
    throw new SsfRefusal(413, 'invalid_request', `the body is larger than ${BODY_MAX} bytes`);
  if (reason) throw new RevocationError(reason);
  const body = parseStrictJson(RequestContext.of(request).steps.body!);
  if (!isObject(body)) throw new RevocationError('malformedJson');
  return body;
}
