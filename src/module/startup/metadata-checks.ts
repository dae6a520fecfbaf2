import type { HttpAdapterHost } from '@nestjs/core';
import { hasGetRoute } from '../http/host-routes.js';
import { fatal, type Finding } from './finding.js';

/** Whether the host serves a document where the option `metadata` serves ours. Nest has registered its routes by now. */
export function metadataFindings({ httpAdapter }: HttpAdapterHost, paths: readonly string[]): Finding[] {
  const adapter = httpAdapter as typeof httpAdapter | null;
  const taken = adapter ? paths.filter((path) => hasGetRoute(adapter, path)) : [];
  return taken.map((path) => {
    const message = `metadata: the application has a route at ${path} too, which nobody reaches: remove the route, and give its members to \`metadata.claims\`, or leave out the option \`metadata\``;
    return fatal('metadata', message);
  });
}
