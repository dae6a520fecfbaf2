import type { ListedStream, Stream } from 'nestjs-global-revocation/shared-signals';
import { shortIds } from './record-ids.js';
import { columns, count, facts, isoTime } from './terminal-text.js';

/** Returns a stream as JSON, without secrets. */
export const streamJson = (stream: ListedStream) => ({
  id: stream.id,
  receiver: stream.receiver,
  createdBy: stream.receiverHash === null ? 'operator' : 'receiver',
  audience: stream.audience,
  url: stream.endpointUrl,
  hasAuthorization: stream.authorizationSealed !== null,
  status: stream.status,
  locked: stream.isLocked === 1,
  reason: stream.reason,
  users: stream.defaultSubjects,
  subjectFormat: stream.subjectFormat,
  description: stream.description,
  pending: stream.pending,
  dead: stream.dead,
  createdAt: isoTime(stream.createdAt),
});

export const isPaused = ({ status }: Stream): boolean => status !== 'enabled';

/** Returns the status, and whether the receiver may change it. */
export const streamStatus = ({ status, isLocked }: Stream): string => (isLocked === 1 ? `${status} (locked)` : status);

/** Returns where events are pushed. */
export const streamTarget = ({ endpointUrl }: Stream): string => endpointUrl ?? '(polled)';

/** Returns streams as a table. */
export function streamTable(streams: readonly ListedStream[], width: number): string {
  if (streams.length === 0) return 'no streams';
  const short = shortIds(streams);
  const rows = streams.map((stream) => [
    short(stream),
    stream.receiver,
    streamJson(stream).createdBy,
    streamStatus(stream),
    String(stream.pending),
    String(stream.dead),
    streamTarget(stream),
  ]);
  return columns(['ID', 'RECEIVER', 'CREATED BY', 'STATUS', 'PENDING', 'DEAD', 'PUSHED TO'], rows, width);
}

/** Returns all details of a stream. */
export const streamFacts = (stream: ListedStream): string =>
  facts([
    ['stream', stream.id],
    ['receiver', `${stream.receiver} (created by the ${streamJson(stream).createdBy})`],
    ['description', stream.description || '(none)'],
    ['audience', stream.audience],
    ['pushed to', streamTarget(stream)],
    ['authorization', stream.authorizationSealed === null ? '(none)' : '(stored)'],
    ['users', `${stream.defaultSubjects}, named by ${stream.subjectFormat}`],
    ['status', streamStatus(stream)],
    ['reason', stream.reason || '(none)'],
    ['pending', count(stream.pending, 'event')],
    ['dead', count(stream.dead, 'event')],
    ['created', isoTime(stream.createdAt)],
  ]);
