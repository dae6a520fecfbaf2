import type { IncomingMessage } from 'node:http';
import { Logger } from '@nestjs/common';
import { RequestContext } from '../audit/request-context.js';
import type { RefusalReason } from '../revocation.errors.js';

/** Largest body, in bytes. */
export const BODY_MAX = 8192;

const READ_BEFORE =
  'the body of a request was read before it reached Nest: register body parsers on the Nest application, not on the server ' +
  'below it, or let them keep the bytes as request.rawBody';

const logger = new Logger('GlobalRevocation');

/**
 * Puts the bytes of a body into the request's context.
 *
 * @returns why the request is refused: the body is too large, or somebody has read it and kept nothing
 */
export async function keepBody(request: IncomingMessage): Promise<RefusalReason | undefined> {
  const body = request.readableEnded ? bytesReadBefore(request) : await read(request);
  if (!body) logger.error(READ_BEFORE);
  if (!body) return 'unavailable';
  if (body.length > BODY_MAX) return 'bodyTooLarge';
  RequestContext.of(request).bodyRead(body);
  return undefined;
}

/** The bytes of a body, or of as much of it as shows that it is too large; never resolved when its sender hangs up. */
function read(request: IncomingMessage): Promise<Uint8Array> {
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
      if (size > BODY_MAX) done();
    };
    request.on('data', collect).on('end', done);
  });
}

/** What somebody who read the body has kept of it, under the name that Nest and serverless platforms use. */
function bytesReadBefore(request: IncomingMessage & { rawBody?: unknown }): Uint8Array | undefined {
  return request.rawBody instanceof Uint8Array ? request.rawBody : undefined;
}
