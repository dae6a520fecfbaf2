import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { OpenAPIObject } from '@nestjs/swagger';
import { Ajv } from 'ajv';

interface ResponseObject {
  headers?: Record<string, { required?: boolean }>;
  content?: Record<string, { schema: object }>;
}

/** Headers any HTTP response may have; all others have to be documented. */
const ORDINARY = new Set([
  ...['content-type', 'content-length', 'date', 'connection', 'keep-alive', 'transfer-encoding'],
  ...['content-security-policy', 'cross-origin-opener-policy', 'cross-origin-resource-policy', 'origin-agent-cluster'],
  ...['referrer-policy', 'strict-transport-security', 'x-content-type-options', 'x-dns-prefetch-control'],
  ...['x-download-options', 'x-frame-options', 'x-permitted-cross-domain-policies', 'x-xss-protection'],
]);

const ajv = new Ajv({ strict: false });

/**
 * Holds every answer of the endpoint to its OpenAPI document: status, headers and body.
 *
 * @returns what differed, in words; grows while the server runs
 */
export function watchContract(server: Server, path: string, document: OpenAPIObject): string[] {
  const problems: string[] = [];
  const responses = document.paths[path]!.post!.responses as Record<string, ResponseObject>;
  server.prependListener('request', (request: IncomingMessage, response: ServerResponse) => {
    if (request.url?.split('?')[0] !== path) return;
    const chunks: Buffer[] = [];
    const keep = (chunk: unknown): void => {
      if (typeof chunk === 'string' || chunk instanceof Uint8Array) chunks.push(Buffer.from(chunk));
    };
    const write = response.write.bind(response) as (...args: unknown[]) => boolean;
    const end = response.end.bind(response) as (...args: unknown[]) => ServerResponse;
    response.write = (...args: unknown[]) => (keep(args[0]), write(...args));
    response.end = (...args: unknown[]) => (keep(args[0]), end(...args));
    const writeHead = response.writeHead.bind(response) as (status: number) => ServerResponse;
    response.writeHead = (status: number, ...more: unknown[]) => {
      for (const [name, value] of Object.entries(more.at(-1) ?? {})) response.setHeader(name, value as string);
      return writeHead(status);
    };
    response.once('finish', () => {
      const differs = difference(responses[String(response.statusCode)], response, Buffer.concat(chunks).toString());
      problems.push(...differs.map((problem) => `${request.method} ${path} → ${response.statusCode}: ${problem}`));
    });
  });
  return problems;
}

function difference(documented: ResponseObject | undefined, response: ServerResponse, body: string): string[] {
  if (!documented) return ['the status is not documented'];
  const { headers = {}, content } = documented;
  const names = new Map(Object.keys(headers).map((name) => [name.toLowerCase(), headers[name]!]));
  const extra = response.getHeaderNames().filter((name) => !ORDINARY.has(name) && !names.has(name));
  const missing = [...names]
    .filter(([name, { required }]) => required && !response.hasHeader(name))
    .map(([name]) => name);
  return [
    ...extra.map((name) => `the header ${name} is not documented`),
    ...missing.map((name) => `the header ${name} is missing`),
    ...bodyDifference(content, response, body),
  ];
}

function bodyDifference(content: ResponseObject['content'], response: ServerResponse, body: string): string[] {
  const [type, media] = Object.entries(content ?? {})[0] ?? [];
  if (!type || !media) return body === '' ? [] : ['a body is not documented'];
  if (response.getHeader('content-type') !== type) return [`the type is ${String(response.getHeader('content-type'))}`];
  return ajv.validate(media.schema, JSON.parse(body)) ? [] : [ajv.errorsText()];
}
