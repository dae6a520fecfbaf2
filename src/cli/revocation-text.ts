import type { Revocation } from 'nestjs-global-revocation';
import { shortIds } from './record-ids.js';
import { accountInWords, type NameOf } from './user-names.js';
import { columns, count, facts, isoSeconds, isoTime, printable } from './terminal-text.js';

/** Returns a record as JSON. Times are ISO 8601 in UTC. */
export const revocationJson = (record: Revocation) => ({
  id: record.id,
  createdAt: isoTime(record.createdAt),
  subject: record.subject,
  realm: record.realm,
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

/** Returns how many sessions and tokens have ended. */
export const ended = ({ sessions, tokens, completedAt }: Revocation): string =>
  completedAt === null ? 'being counted' : `${count(sessions, 'session')}, ${count(tokens, 'token')}`;

/** Returns the name of the user, or of the realm. */
export const whoIn = ({ subject, realm }: Pick<Revocation, 'subject' | 'realm'>, nameOf: NameOf): string =>
  realm || nameOf(subject);

/** Returns records as a table. */
export function revocationTable(records: readonly Revocation[], nameOf: NameOf, width: number): string {
  if (records.length === 0) return 'no revocations';
  const short = shortIds(records);
  const rows = records.map((record) => [
    isoSeconds(record.createdAt),
    whoIn(record, nameOf),
    record.actor,
    record.format,
    ended(record),
    short(record),
  ]);
  return columns(['TIME', 'ACCOUNT', 'BY', 'FORMAT', 'ENDED', 'RECORD'], rows, width);
}

/** Returns a new record as one line. */
export const revocationLine = (record: Revocation, nameOf: NameOf): string => {
  const { createdAt, actor, format, reason, id } = record;
  return [isoTime(createdAt), whoIn(record, nameOf), `by ${actor}`, format, reason, id]
    .filter((part) => part !== '')
    .map(printable)
    .join('  ');
};

/** Returns all details of a record. */
export const revocationFacts = (record: Revocation, nameOf: NameOf): string =>
  facts([
    ['record', record.id],
    ['time', isoTime(record.createdAt)],
    record.realm === '' ? ['account', accountInWords(record.subject, nameOf)] : ['realm', record.realm],
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
