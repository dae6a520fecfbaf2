import type { Change } from 'nestjs-global-revocation/administration';
import { shortIds } from './record-ids.js';
import { columns, facts, isoSeconds, isoTime } from './terminal-text.js';

/** Returns a record as JSON. Times are ISO 8601 in UTC. */
export const changeJson = ({ createdAt, ...rest }: Change) => ({ ...rest, createdAt: isoTime(createdAt) });

/** Returns the parts of the state that changed; all parts if the target was created or removed. */
function difference({ before, after }: Change): string {
  const [was, is] = [before, after].map((state) => (state === '' ? [] : state.split('; ')));
  const [lost, won] = [was!.filter((part) => !is!.includes(part)), is!.filter((part) => !was!.includes(part))];
  return [lost, won].map((parts) => parts.join('; ') || '(nothing)').join(' → ');
}

/** Returns records as a table. */
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

/** Returns all details of a record. */
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
