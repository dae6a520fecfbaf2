import type { Change } from 'nestjs-global-revocation/administration';
import { shortIds } from './record-ids.js';
import { columns, facts, isoSeconds, isoTime } from './terminal-text.js';

/** A record for programs. Times are ISO 8601 in UTC. */
export const changeJson = ({ createdAt, ...rest }: Change) => ({ ...rest, createdAt: isoTime(createdAt) });

/** The parts of a state that the change concerns; all of them when it was created or removed. */
function difference({ before, after }: Change): string {
  const [was, is] = [before, after].map((state) => (state === '' ? [] : state.split('; ')));
  const [lost, won] = [was!.filter((part) => !is!.includes(part)), is!.filter((part) => !was!.includes(part))];
  return [lost, won].map((parts) => parts.join('; ') || '(nothing)').join(' → ');
}

/** Records under headings. */
export function changeTable(changes: readonly Change[], width: number): string {
  if (changes.length === 0) return 'no changes';
  const short = shortIds(changes);
  const rows = changes.map((change) => [
    isoSeconds(change.createdAt),
    change.actor,
    change.action,
    change.target,
    short(change),
    difference(change),
  ]);
  return columns(['TIME', 'BY', 'CHANGE', 'TARGET', 'RECORD', 'BEFORE → AFTER'], rows, width);
}

/** Everything a record says. */
export const changeFacts = (change: Change): string =>
  facts([
    ['record', change.id],
    ['time', isoTime(change.createdAt)],
    ['by', change.actor],
    ['change', change.action],
    ['target', change.target],
    ['before', change.before || '(nothing)'],
    ['after', change.after || '(nothing)'],
  ]);
