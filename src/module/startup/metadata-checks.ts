import type { HttpAdapterHost } from '@nestjs/core';
import { hasGetRoute } from '../http/host-routes.js';
import { fatal, type Finding } from './finding.js';

/** Reports routes of the host that the option `metadata` hides. Nest has registered all routes by now. */
export function metadataFindings({ httpAdapter }: HttpAdapterHost, paths: readonly string[]): Finding[] {
  const adapter = httpAdapter as typeof httpAdapter | null;
  const taken = adapter ? paths.filter((path) => hasGetRoute(adapter, path)) : [];
  return taken.map((path) => {
    const message = `metadata: the application also has a route at ${path}, which this option hides: remove the route and add its members to \`metadata.claims\`, or omit the option \`metadata\``;
    return fatal('metadata', message);
  });
}
