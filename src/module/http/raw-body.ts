import type { IncomingMessage } from 'node:http';

const bodies = new WeakMap<IncomingMessage, Uint8Array>();

/** Keeps the bytes of a request's body as they came. */
export function keepRawBody(request: IncomingMessage, bytes: Uint8Array): void {
  bodies.set(request, bytes);
}

/** The bytes that were kept; undefined for a request that did not pass the endpoint's middleware. */
export const rawBodyOf = (request: IncomingMessage): Uint8Array | undefined => bodies.get(request);
