import type { ServerResponse } from 'node:http';
import type { Registry } from 'prom-client';
import type { Access } from './metrics-access.js';

/** Writes the metrics of a registry in Prometheus' text format, or an error status. */
export async function expose(response: ServerResponse, registry: Registry, access: Access): Promise<void> {
  response.setHeader('Cache-Control', 'no-store');
  if (access === 'absent') return void response.writeHead(404).end();
  if (access === 'unauthorized') return void response.writeHead(401, { 'WWW-Authenticate': 'Bearer' }).end();
  const text = await registry.metrics();
  response.writeHead(200, { 'Content-Type': registry.contentType }).end(text);
}
