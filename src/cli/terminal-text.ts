import type { LiveCounts } from 'nestjs-global-revocation';

/** Makes external text safe for a terminal: replaces control characters and changes of writing direction. */
export const printable = (text: string): string => text.replaceAll(/\p{C}/gu, '\u{FFFD}');

/** Like {@link printable}, but keeps line breaks. */
export const printableLines = (text: string): string => text.split('\n').map(printable).join('\n');

/** Returns a JSON document on one line, with characters that are unsafe for a terminal escaped. */
export const jsonLine = (value: unknown): string =>
  JSON.stringify(value).replaceAll(/\p{C}/gu, (character) =>
    character.replaceAll(/[^]/g, (unit) => String.raw`\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
  );

/** Returns the widths of columns: the wanted widths, with the widest columns cut until all fit. */
export function fittedWidths(wanted: readonly number[], room: number): number[] {
  let most = Math.max(0, ...wanted);
  const widths = (): number[] => wanted.map((width) => Math.min(width, most));
  const total = (): number => widths().reduce((sum, width) => sum + width, 0);
  while (most > 1 && total() > room) most -= 1;
  return widths();
}

/** Cuts a text to a width. */
export const cut = (text: string, width: number): string =>
  text.length > width ? `${text.slice(0, width - 1)}…` : text;

const GAP = '  ';

/** Returns rows and headings as a table. @param width of a line; cells that do not fit are cut */
export function columns(
  headings: readonly string[],
  rows: ReadonlyArray<readonly string[]>,
  width: number = Infinity,
): string {
  const lines = [headings, ...rows.map((row) => row.map(printable))];
  const wanted = headings.map((_heading, index) =>
    lines.reduce((most, line) => Math.max(most, line[index]!.length), 0),
  );
  const widths = fittedWidths(wanted, width - GAP.length * (headings.length - 1));
  const cellOf = (text: string, index: number): string => cut(text, widths[index]!).padEnd(widths[index]!);
  return lines.map((line) => line.map(cellOf).join(GAP).trimEnd()).join('\n');
}

/** Returns names and values, one pair per line. */
export function facts(pairs: ReadonlyArray<readonly [name: string, value: string]>): string {
  const width = Math.max(...pairs.map(([name]) => name.length));
  return pairs.map(([name, value]) => `${name.padEnd(width)}  ${printable(value)}`.trimEnd()).join('\n');
}

/** Returns a time as ISO 8601 in UTC. @param at UTC epoch milliseconds */
export const isoTime = (at: number): string => new Date(at).toISOString();

/** Like {@link isoTime}, but in whole seconds, for lists. */
export const isoSeconds = (at: number): string => isoTime(at).replace(/\.\d+Z$/, 'Z');

/** Returns a number and a noun, such as `1 match` or `2 matches`. */
export const count = (number: number, one: string, many = `${one}s`): string =>
  `${number} ${number === 1 ? one : many}`;

/** Returns counts as text, such as `1 session, 3 tokens live`. */
export function liveInWords(live: LiveCounts): string {
  const parts = Object.entries(live).map(([what, number]) => count(number, what.replace(/s$/, ''), what));
  return parts.length === 0 ? 'unknown (nothing counts sessions or tokens)' : `${parts.join(', ')} live`;
}
