import type { EntityMetadata } from 'typeorm';

/** Most characters of a column without a length: MySQL's TEXT holds 65,535 bytes. */
const TEXT_MAX = 16_383;

/** What not every database takes as text: NUL, and halves of a character. */
const UNSTORABLE = /[\0\p{Cs}]/gu;

/** Characters, however many code points people would count as one. */
const characters = new Intl.Segmenter();

/**
 * Text that is only recorded, as every database takes it: in NFC, without what it cannot hold, and at most `max` characters
 * long, cut between two of them. Nothing that is sent or passed can make the statement fail.
 */
export function recordedText(value: unknown, max: number): string {
  const given = typeof value === 'string' ? value : inWords(value);
  const text = given
    .slice(0, 8 * max)
    .replaceAll(UNSTORABLE, '\uFFFD')
    .normalize('NFC');
  if (text.length <= max) return text;
  const last = characters.segment(text).containing(max)!.index;
  // Of marks without end on one letter, as many as there is room for.
  return text.slice(0, last > 0 ? last : max).replace(/[\uD800-\uDBFF]$/, '');
}

/** What somebody has passed past the types. */
function inWords(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'object' ? Object.prototype.toString.call(value) : String(value as number);
}

/** The properties of `row` that are text, each as its column takes it. */
export function recordedTexts<Row extends object>({ columns }: EntityMetadata, row: Row): Row {
  const texts = columns
    .filter(({ propertyName, type }) => propertyName in row && (type === 'varchar' || type === 'text'))
    .map(({ propertyName, length }) => {
      const value: unknown = row[propertyName as keyof Row];
      return [propertyName, recordedText(value, Number(length) || TEXT_MAX)] as const;
    });
  return { ...row, ...Object.fromEntries(texts) };
}
