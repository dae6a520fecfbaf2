import type { ListedDelivery } from 'nestjs-global-revocation/administration';
import { columns, facts, isoSeconds, isoTime } from './terminal-text.js';

const timeOf = (at: number | null): string | null => (at === null ? null : isoTime(at));

/** Returns a delivery as JSON. Times are ISO 8601 in UTC. */
export const deliveryJson = (delivery: ListedDelivery) => ({
  id: delivery.id,
  revocation: delivery.outboxId,
  createdAt: isoTime(delivery.createdAt),
  sink: delivery.sink,
  recipient: delivery.recipient,
  subject: delivery.subject,
  state: delivery.state,
  attempts: delivery.attempts,
  answer: delivery.answer,
  dueAt: timeOf(delivery.dueAt),
  finishedAt: timeOf(delivery.finishedAt),
});

/** Returns deliveries as a table. */
export function deliveryTable(deliveries: readonly ListedDelivery[], width: number): string {
  if (deliveries.length === 0) return 'no deliveries';
  const rows = deliveries.map(({ createdAt, recipient, state, attempts, outboxId, answer }) => [
    isoSeconds(createdAt),
    recipient,
    state,
    String(attempts),
    outboxId.slice(0, 8),
    answer,
  ]);
  return columns(['TIME', 'RECIPIENT', 'STATE', 'ATTEMPTS', 'RECORD', 'ANSWER'], rows, width);
}

/**
 * Returns who was told about one revocation, and what they answered.
 *
 * @param isExpanding whether further recipients may be found
 */
export function toldText(deliveries: readonly ListedDelivery[], isExpanding: boolean, width: number): string {
  const more = isExpanding ? 'looking for more recipients' : '';
  if (deliveries.length === 0) return isExpanding ? `told      nobody so far; ${more}` : 'told      nobody';
  const rows = deliveries.map(({ recipient, state, attempts, finishedAt, dueAt, answer }) => [
    recipient,
    state,
    String(attempts),
    isoSeconds((finishedAt ?? dueAt)!),
    answer,
  ]);
  const table = columns(['TOLD', 'STATE', 'ATTEMPTS', 'FINISHED OR DUE', 'ANSWER'], rows, width);
  return isExpanding ? `${table}\n${more}` : table;
}

/** Returns all details of a delivery. */
export const deliveryFacts = (delivery: ListedDelivery): string =>
  facts([
    ['delivery', delivery.id],
    ['record', delivery.outboxId],
    ['revoked', isoTime(delivery.createdAt)],
    ['account', delivery.subject],
    ['recipient', `${delivery.recipient} (${delivery.sink})`],
    ['state', delivery.state],
    ['attempts', String(delivery.attempts)],
    ['answer', delivery.answer || '(none)'],
    ['next', timeOf(delivery.dueAt) ?? '(nothing left to do)'],
    ['finished', timeOf(delivery.finishedAt) ?? 'not yet'],
  ]);
