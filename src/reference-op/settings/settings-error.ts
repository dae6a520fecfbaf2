/**
 * A setting or a key file is wrong, so the server must not start. The message is one line, names the setting the way the
 * user wrote it and says what is allowed. It never contains the value of a setting.
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

/** A name the user wrote, in double quotes and short enough for one line. */
export function quote(name: string): string {
  return name.length > LONGEST_QUOTE ? `"${name.slice(0, LONGEST_QUOTE)}…"` : `"${name}"`;
}

/** The end of a message about an unknown name. */
export const knownNames = (known: readonly string[]): string => `known: ${known.join(', ')}`;

/** Why a file could not be used, without its content: the system's error code. */
export function fileErrorCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown error';
}
