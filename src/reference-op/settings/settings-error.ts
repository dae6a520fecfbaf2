/**
 * An invalid setting or key file, which prevents startup. The message is one line, names the setting as the user wrote it
 * and says what is allowed. It never contains the value of a setting.
 */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';

  constructor(message: string) {
    super(message.replace(UNPRINTABLE, '?'));
  }
}

/** Line breaks, other control characters, and characters that reorder text in a terminal. */
const UNPRINTABLE = /[\p{Cc}\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

const LONGEST_QUOTE = 80;

/** Quotes a name that the user wrote, shortened to fit on one line. */
export function quote(name: string): string {
  return name.length > LONGEST_QUOTE ? `"${name.slice(0, LONGEST_QUOTE)}…"` : `"${name}"`;
}

/** Returns the end of a message about an unknown name. */
export const knownNames = (known: readonly string[]): string => `known: ${known.join(', ')}`;

/** Returns the system's error code, the reason why a file could not be used. */
export function fileErrorCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown error';
}
