import type { EntityMetadata } from 'typeorm';
import { onceFor } from './once-for.js';

/** Maximum number of characters in a column without a length: MySQL's TEXT holds 65,535 bytes. */
const TEXT_MAX = 16_383;

/** Characters that some databases reject: NUL and lone surrogates. */
const UNSTORABLE = /[\0\p{Cs}]/gu;

/** Splits text into the characters that people see. */
const characters = new Intl.Segmenter();

/**
 * Converts a value to text that every database stores: in NFC, without unstorable characters, and at most `max` characters,
 * cut between two visible characters. Use it for text that is only recorded, so that no input makes the statement fail.
 */
export function recordedText(value: unknown, max: number): string {
  const given = typeof value === 'string' ? value : inWords(value);
  const text = given
    .slice(0, 8 * max)
    .replaceAll(UNSTORABLE, '\uFFFD')
    .normalize('NFC');
  if (text.length <= max) return text;
  const last = characters.segment(text).containing(max)!.index;
  // If a single letter has too many combining marks, keep as many as fit.
  return text.slice(0, last > 0 ? last : max).replace(/[\uD800-\uDBFF]$/, '');
}

/** Converts a value that violates its type. */
function inWords(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'object' ? Object.prototype.toString.call(value) : String(value as number);
}

/** Returns how long the text of each property may be. */
const lengthsOf = onceFor(({ columns }: EntityMetadata) => {
  const texts = columns.filter(({ type }) => type === 'varchar' || type === 'text');
  return new Map(texts.map(({ propertyName, length }) => [propertyName, Number(length) || TEXT_MAX]));
});

/** Returns the text properties of `row`, each fitted to its column. */
export function recordedTexts<Row extends object>(entity: EntityMetadata, row: Row): Row {
  const all = lengthsOf(entity);
  const texts = { ...row };
  for (const name in texts) {
    const max = all.get(name);
    if (max !== undefined) texts[name] = recordedText(row[name], max) as Row[typeof name];
  }
  return texts;
}
