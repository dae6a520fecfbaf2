import type { Caller } from '../caller/caller.js';
import { sha256Hex } from '../database/digest.js';
import { isUuid } from '../database/uuid.js';
import type { Access } from './receiver.js';
import { invalid, noStream } from './ssf-refusal.js';
import type { Stream } from './stream.entity.js';
import type { Streams } from './streams.js';

/** A request of an authenticated receiver. */
export interface Call {
  receiver: Caller;
  query: URLSearchParams;
  /** Members of the JSON object in the body; none without a body. */
  body: Readonly<Record<string, unknown>>;
  /** What follows the path of the resource; empty if nothing does. */
  below: string;
  /** Aborts when the receiver closes the connection. */
  ended: AbortSignal;
}

export interface Reply {
  status: number;
  /** Sent as JSON. @default no body */
  body?: unknown;
}

/** What a method does, and what it takes. */
export interface Operation {
  access: Access;
  answer: (call: Call) => Promise<Reply>;
}

/** Operations of one address, by method. */
export interface Resource {
  /** Below the path of the management API. */
  path: string;
  operations: Readonly<Record<string, Operation>>;
}

/** Returns the member `stream_id` of a body. @throws SsfRefusal */
export function streamIdIn(body: Call['body']): string {
  const { stream_id: id } = body;
  if (typeof id !== 'string') throw invalid('the body must have the member stream_id, a string');
  return id;
}

/** Returns a receiver's own stream. @throws SsfRefusal for any other */
export async function ownStream(streams: Streams, { receiver }: Call, id: string | null): Promise<Stream> {
  const stream = id !== null && isUuid(id) ? await streams.find(id) : undefined;
  if (stream?.receiverHash !== sha256Hex(receiver.id)) throw noStream();
  return stream;
}
