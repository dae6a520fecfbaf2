/** What a database quotes of a value that it did not take. */
const QUOTED = /\b(entry|value:?|VALUES) +'.*?'(?= for | at |$|\n|;)/gis;

/**
 * Where a fault came from, without the values it was about: the fields of a failed query are left out, its parameters are
 * people's identifiers, and what the database quotes of them in its message is masked.
 *
 * @publicApi
 */
export function safeError(cause: unknown): { message: string; stack?: string } {
  if (!(cause instanceof Error)) return { message: typeof cause === 'string' ? masked(cause) : 'unknown fault' };
  return { message: masked(cause.message), ...(cause.stack !== undefined && { stack: masked(cause.stack) }) };
}

const masked = (text: string): string => text.replace(QUOTED, `$1 '…'`);
