import type { IncomingMessage, ServerResponse } from 'node:http';
import { Inject, Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { Interceptor } from '../http/http-adapter.js';
import { wellKnownPaths } from '../http/well-known.js';
import { GLOBAL_REVOCATION_OPTIONS, type ResolvedOptions } from '../options/global-revocation.options.js';
import { RevocationError } from '../revocation.errors.js';
import { writeRefusal } from './refusal.js';
import { RevocationMetadata } from './revocation-metadata.js';

/**
 * Serves the metadata if the option `metadata` is set, before everything of the host, so that the host cannot change
 * them.
 *
 * @see RFC 8414 §3, OpenID Connect Discovery 1.0 §4
 */
@Injectable()
export class WellKnownDocuments {
  /** Paths that are served. */
  readonly paths: readonly string[];

  constructor(
    @Inject(HttpAdapterHost) host: HttpAdapterHost,
    @Inject(RevocationMetadata) private readonly metadata: RevocationMetadata,
    @Inject(GLOBAL_REVOCATION_OPTIONS) { issuer, metadata: served }: ResolvedOptions,
  ) {
    this.paths = served ? Object.values(wellKnownPaths(issuer)) : [];
    if (served) host.init$.subscribe(() => void (host.httpAdapter as Adapter | null)?.use(this.intercept));
  }

  private readonly intercept: Interceptor = (request, response, next) => {
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    if (isRead && this.paths.includes(pathOf(request))) void this.answer(response);
    else next();
  };

  private async answer(response: ServerResponse): Promise<void> {
    response.setHeader('Access-Control-Allow-Origin', '*');
    try {
      const body = JSON.stringify(await this.metadata.document());
      const headers = { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) };
      response.writeHead(200, { ...headers, 'Cache-Control': 'no-store' }).end(body);
    } catch (error) {
      const refusal = error instanceof RevocationError ? error : new RevocationError('unavailable', { cause: error });
      writeRefusal(response, refusal);
    }
  }
}

type Adapter = HttpAdapterHost['httpAdapter'];

/** @see RFC 9112 §3.2.2 for the absolute form */
const pathOf = ({ url = '' }: IncomingMessage): string => url.split('?', 1)[0]!.replace(/^https?:\/\/[^/]*/i, '');
