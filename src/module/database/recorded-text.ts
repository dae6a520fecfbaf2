import type { EntityMetadata } from 'typeorm';

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

/** Returns the text properties of `row`, each fitted to its column. */
export function recordedTexts<Row extends object>({ columns }: EntityMetadata, row: Row): Row {
  const texts = columns
    .filter(({ propertyName, type }) => propertyName in row && (type === 'varchar' || type === 'text'))
    .map(({ propertyName, length }) => {
      const value: unknown = row[propertyName as keyof Row];
      return [propertyName, recordedText(value, Number(length) || TEXT_MAX)] as const;
    });
  return { ...row, ...Object.fromEntries(texts) };
}
