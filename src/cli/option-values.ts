import { InvalidValue } from './failure.js';

/** Maximum number of records in a list. */
export const LIMIT_MAX = 10_000;

const UNITS = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/**
 * Parses a point in time: `90s`, `15m`, `2h` or `7d` ago, or ISO 8601 (UTC unless it has an offset).
 *
 * @returns UTC epoch milliseconds
 * @throws InvalidValue for anything else
 */
export function parseTime(text: string): number {
  const ago = durationOf(text);
  if (ago !== undefined) return Date.now() - ago;
  const isIso = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})?)?$/.test(text);
  const hasZone = !text.includes('T') || /(Z|[+-]\d{2}:\d{2})$/.test(text);
  const at = isIso ? Date.parse(hasZone ? text : `${text}Z`) : NaN;
  if (Number.isNaN(at))
    throw new InvalidValue('It must be an age like 15m, 2h or 7d, or a time like 2026-11-22T08:30:00Z.');
  return at;
}

/** @throws InvalidValue */
export function parseCount(text: string, max: number): number {
  const number = /^\d{1,9}$/.test(text) ? Number(text) : NaN;
  if (!(number >= 1 && number <= max)) throw new InvalidValue(`It must be a whole number from 1 to ${max}.`);
  return number;
}

/** Parses a duration such as `12h` or `7d`. @returns milliseconds. @throws InvalidValue */
export function parseDuration(text: string): number {
  const duration = durationOf(text);
  if (!duration) throw new InvalidValue('It must be a duration like 15m, 12h or 7d.');
  return duration;
}

function durationOf(text: string): number | undefined {
  const [, number, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  return number === undefined ? undefined : Number(number) * UNITS[unit as keyof typeof UNITS];
}
