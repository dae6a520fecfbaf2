import type { IncomingMessage } from 'node:http';
import { Logger } from '@nestjs/common';
import { RequestContext } from '../audit/request-context.js';
import type { RefusalReason } from '../revocation.errors.js';

/** Largest accepted body, in bytes. */
const BODY_MAX = 8192;

const READ_BEFORE =
  'the body of a request was read before it reached Nest: register body parsers on the Nest application, not on the server ' +
  'below it, or make them keep the bytes in request.rawBody';

const logger = new Logger('GlobalRevocation');

/**
 * Stores the bytes of the body in the request context.
 *
 * @param max largest accepted body, in bytes
 * @returns the refusal if the body is too large, or if something read it before and did not keep it
 */
export async function keepBody(request: IncomingMessage, max = BODY_MAX): Promise<RefusalReason | undefined> {
  if (Number(request.headers['content-length'] ?? 0) > max) return 'bodyTooLarge';
  const body = request.readableEnded ? bytesReadBefore(request) : await read(request, max);
  if (!body) logger.error(READ_BEFORE);
  if (!body) return 'unavailable';
  if (body.length > max) return 'bodyTooLarge';
  RequestContext.of(request).bodyRead(body);
  return undefined;
}

/** Reads a body up to just over the limit. Never resolves if the sender disconnects. */
function read(request: IncomingMessage, max: number): Promise<Uint8Array> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const done = (): void => {
      request.off('data', collect).off('end', done);
      resolve(Buffer.concat(chunks));
    };
    const collect = (chunk: Buffer): void => {
      size += chunk.length;
      chunks.push(chunk);
      if (size > max) done();
    };
    request.on('data', collect).on('end', done);
  });
}

/** Returns the bytes that an earlier reader kept in `rawBody`, as Nest and serverless platforms do. */
function bytesReadBefore(request: IncomingMessage & { rawBody?: unknown }): Uint8Array | undefined {
  return request.rawBody instanceof Uint8Array ? request.rawBody : undefined;
}
