import type { Revocation } from 'nestjs-global-revocation';
import { columns, count, facts, isoTime, printable } from './terminal-text.js';

/** A record for programs. Times are ISO 8601 in UTC. */
export const revocationJson = (record: Revocation) => ({
  id: record.id,
  createdAt: isoTime(record.createdAt),
  subject: record.subject,
  actor: record.actor,
  method: record.method,
  keyId: record.keyId,
  format: record.format,
  identifierHash: record.identifierHash,
  matched: record.matched,
  sourceIp: record.sourceIp,
  requestId: record.requestId,
  reason: record.reason,
  epochBefore: record.epochBefore,
  epochAfter: record.epochAfter,
  sessions: record.sessions,
  tokens: record.tokens,
  completedAt: record.completedAt === null ? null : isoTime(record.completedAt),
});

/** What has ended, as far as it has been counted. */
export const ended = ({ sessions, tokens, completedAt }: Revocation): string =>
  completedAt === null ? 'being counted' : `${count(sessions, 'session')}, ${count(tokens, 'token')}`;

const row = (record: Revocation): string[] => [
  isoTime(record.createdAt),
  record.subject,
  record.actor,
  record.format,
  ended(record),
  record.id,
];

/** Records under headings. */
export const revocationTable = (records: readonly Revocation[]): string =>
  records.length === 0
    ? 'no revocations'
    : columns(['TIME', 'ACCOUNT', 'BY', 'FORMAT', 'ENDED', 'RECORD'], records.map(row));

/** One record as one line, when it has just been made. */
export const revocationLine = ({ createdAt, subject, actor, format, reason, id }: Revocation): string =>
  [isoTime(createdAt), subject, `by ${actor}`, format, reason, id]
    .filter((part) => part !== '')
    .map(printable)
    .join('  ');

/** Everything a record says. */
export const revocationFacts = (record: Revocation): string =>
  facts([
    ['record', record.id],
    ['time', isoTime(record.createdAt)],
    ['account', record.subject],
    ['by', `${record.actor} (${[record.method, record.keyId].filter((part) => part !== '').join(', ')})`],
    ['from', record.sourceIp || '(in process)'],
    [
      'named by',
      record.format === '' ? '(in process)' : `${record.format}, ${count(record.matched, 'match', 'matches')}`,
    ],
    ['reason', record.reason || '(none given)'],
    ['epoch', `${record.epochBefore} → ${record.epochAfter}`],
    ['ended', ended(record)],
    ['complete', record.completedAt === null ? 'not yet' : isoTime(record.completedAt)],
  ]);
