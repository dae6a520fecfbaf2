/** Values that databases quote in error messages. */
const QUOTED = /\b(entry|value:?|VALUES) +'.*?'(?= for | at |$|\n|;)/gis;

/**
 * Returns message and stack of an error without personal data: fields of a failed query are dropped, and values that
 * the database quotes are masked.
 *
 * @publicApi
 */
export function safeError(cause: unknown): { message: string; stack?: string } {
  if (!(cause instanceof Error)) return { message: typeof cause === 'string' ? masked(cause) : 'unknown error' };
  return { message: masked(cause.message), ...(cause.stack !== undefined && { stack: masked(cause.stack) }) };
}

const masked = (text: string): string => text.replace(QUOTED, `$1 '…'`);
