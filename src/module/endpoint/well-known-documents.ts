import type { ServerResponse } from 'node:http';
import { Inject, Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { onHttpAdapter } from '../http/adapter-host.js';
import { type Interceptor, isRead } from '../http/http-adapter.js';
import { writeJson } from '../http/json-answer.js';
import { requestPath } from '../http/request-target.js';
import { wellKnownPaths } from '../http/well-known.js';
import { GLOBAL_REVOCATION_OPTIONS, type ResolvedOptions } from '../options/global-revocation.options.js';
import { asRefusal } from '../revocation.errors.js';
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
  readonly paths: readonly string[];
  private readonly read: ReadonlySet<string>;

  constructor(
    @Inject(HttpAdapterHost) host: HttpAdapterHost,
    @Inject(RevocationMetadata) private readonly metadata: RevocationMetadata,
    @Inject(GLOBAL_REVOCATION_OPTIONS) { issuer, metadata: served }: ResolvedOptions,
  ) {
    this.paths = served ? Object.values(wellKnownPaths(issuer)) : [];
    this.read = new Set(this.paths.map((path) => requestPath(path)));
    if (served) onHttpAdapter(host, (adapter) => void adapter.use(this.intercept));
  }

  private readonly intercept: Interceptor = (request, response, next) => {
    if (isRead(request) && this.read.has(requestPath(request.url))) void this.answer(response);
    else next();
  };

  private async answer(response: ServerResponse): Promise<void> {
    response.setHeader('Access-Control-Allow-Origin', '*');
    try {
      writeJson(response, 200, await this.metadata.document());
    } catch (error) {
      writeRefusal(response, asRefusal(error));
    }
  }
}
