import type { Key } from 'ink';

/** A key that was pressed, or a text that was pasted. */
export interface Press {
  input: string;
  key: Key;
}

/** On a slow connection several keys arrive as one text: each by itself. */
export function eachPress({ input, key }: Press): Press[] {
  if (!/[\r\u007f\b]/.test(input)) return [{ input, key }];
  return input.split(/([\r\u007f\b])/).map((part) => ({
    input: part,
    key: { ...key, return: part === '\r', backspace: part === '\u007f' || part === '\b' },
  }));
}

/** One line that is typed into. */
export interface Line {
  text: string;
  /** How many characters are behind the cursor. */
  behind: number;
}

export const EMPTY_LINE: Line = { text: '', behind: 0 };

/** As people see them: an accent belongs to its letter. */
const charactersOf = (text: string): string[] =>
  Array.from(new Intl.Segmenter().segment(text), ({ segment }) => segment);

/** The characters before the cursor, and those behind it. */
export function aroundCursor({ text, behind }: Line): [before: string[], behind: string[]] {
  const characters = charactersOf(text);
  const at = Math.max(characters.length - behind, 0);
  return [characters.slice(0, at), characters.slice(at)];
}

/** What a key makes of a line. */
export function typed(line: Line, { input, key }: Press): Line {
  const [before, after] = aroundCursor(line);
  const behind = after.length;
  const edited = (changed: readonly string[]): Line => ({ text: [...changed, ...after].join(''), behind });
  if (key.leftArrow) return { ...line, behind: Math.min(behind + 1, before.length + behind) };
  if (key.rightArrow) return { ...line, behind: Math.max(behind - 1, 0) };
  if (key.home || (key.ctrl && input === 'a')) return { ...line, behind: before.length + behind };
  if (key.end || (key.ctrl && input === 'e')) return { ...line, behind: 0 };
  if (key.ctrl && input === 'u') return edited([]);
  if (key.backspace || key.delete) return edited(before.slice(0, -1));
  return key.ctrl || key.meta ? line : edited([...before, ...charactersOf(input.replaceAll(/\p{C}/gu, ''))]);
}
