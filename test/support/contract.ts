import { readFileSync } from 'node:fs';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { OpenAPIObject } from '@nestjs/swagger';
import { Ajv } from 'ajv';

interface ResponseObject {
  headers?: Record<string, { required?: boolean }>;
  content?: Record<string, { schema: object }>;
}

interface Answer {
  status: number;
  headers: { has(name: string): boolean; keys(): Iterable<string>; get(name: string): unknown };
  body: string;
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
      const headers = new Map(Object.entries(response.getHeaders()));
      const differs = difference(responses, {
        status: response.statusCode,
        headers,
        body: Buffer.concat(chunks).toString(),
      });
      problems.push(...differs.map((problem) => `${request.method} ${path} → ${response.statusCode}: ${problem}`));
    });
  });
  return problems;
}

/**
 * Holds an answer of the endpoint of a server in another process to the document under `docs/`.
 *
 * @throws Error that says what differs
 */
export async function assertContract(response: Response): Promise<void> {
  const { paths } = JSON.parse(readFileSync('docs/openapi.json', 'utf8')) as OpenAPIObject;
  const responses = paths['/global-token-revocation']!.post!.responses as Record<string, ResponseObject>;
  const { status, headers } = response;
  const differs = difference(responses, { status, headers, body: await response.clone().text() });
  if (differs.length > 0) throw new Error(`${status} differs from the OpenAPI document: ${differs.join(', ')}`);
}

function difference(responses: Record<string, ResponseObject>, answer: Answer): string[] {
  const documented = responses[String(answer.status)];
  if (!documented) return ['the status is not documented'];
  const { headers = {}, content } = documented;
  const names = new Map(Object.keys(headers).map((name) => [name.toLowerCase(), headers[name]!]));
  const extra = [...answer.headers.keys()].filter((name) => !ORDINARY.has(name) && !names.has(name));
  const missing = [...names].filter(([name, { required }]) => required && !answer.headers.has(name));
  return [
    ...extra.map((name) => `the header ${name} is not documented`),
    ...missing.map(([name]) => `the header ${name} is missing`),
    ...bodyDifference(content, answer),
  ];
}

function bodyDifference(content: ResponseObject['content'], { headers, body }: Answer): string[] {
  const [type, media] = Object.entries(content ?? {})[0] ?? [];
  if (!type || !media) return body === '' ? [] : ['a body is not documented'];
  if (headers.get('content-type') !== type) return [`the type is ${String(headers.get('content-type'))}`];
  return ajv.validate(media.schema, JSON.parse(body)) ? [] : [ajv.errorsText()];
}
