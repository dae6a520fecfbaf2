import type { LiveCounts } from 'nestjs-global-revocation';

/** Text from outside, made harmless for a terminal: no control characters, no change of writing direction. */
export const printable = (text: string): string => text.replaceAll(/\p{C}/gu, '\u{FFFD}');

/** {@link printable}, but for line breaks. */
export const printableLines = (text: string): string => text.split('\n').map(printable).join('\n');

/** A JSON document in one line, and as harmless: what may not stand in a terminal is escaped. */
export const jsonLine = (value: unknown): string =>
  JSON.stringify(value).replaceAll(/\p{C}/gu, (character) =>
    character.replaceAll(/[^]/g, (unit) => String.raw`\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
  );

/** Rows under their headings, in columns. */
export function columns(headings: readonly string[], rows: ReadonlyArray<readonly string[]>): string {
  const lines = [headings, ...rows.map((row) => row.map(printable))];
  const widths = headings.map((_heading, index) =>
    lines.reduce((width, line) => Math.max(width, line[index]!.length), 0),
  );
  return lines
    .map((line) =>
      line
        .map((cell, index) => cell.padEnd(widths[index]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** Facts one below the other. */
export function facts(pairs: ReadonlyArray<readonly [name: string, value: string]>): string {
  const width = Math.max(...pairs.map(([name]) => name.length));
  return pairs.map(([name, value]) => `${name.padEnd(width)}  ${printable(value)}`.trimEnd()).join('\n');
}

/** A time for people and programs alike: ISO 8601, UTC. @param at UTC epoch milliseconds */
export const isoTime = (at: number): string => new Date(at).toISOString();

/** `1 match`, `2 matches`. */
export const count = (number: number, one: string, many = `${one}s`): string =>
  `${number} ${number === 1 ? one : many}`;

/** `1 session, 3 tokens`. */
export function liveInWords(live: LiveCounts): string {
  const parts = Object.entries(live).map(([what, number]) => count(number, what.replace(/s$/, ''), what));
  return parts.length === 0 ? 'nothing here counts what people have' : `${parts.join(', ')} live`;
}
